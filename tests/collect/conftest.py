"""A portal on loopback, and a way to collect it without waiting."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import stamina

sys.path.insert(0, str(Path(__file__).parent))

from site_on_loopback import QUICK, Site, portal_site

from pipelines.collect.archive import Archive
from pipelines.collect.collector import Collected, collect
from pipelines.collect.fetch import Fetcher
from pipelines.collect.portals import Limits, Portal
from pipelines.collect.webcache import WebCache


@pytest.fixture(autouse=True)
def quiet() -> None:
    """Attempts are told in the outcome, not as they happen."""
    stamina.instrumentation.set_on_retry_hooks(())


@pytest.fixture
def site() -> Iterator[Site]:
    served = portal_site()
    yield served
    served.close()


@pytest.fixture
def small() -> Iterator[Site]:
    """A site of one list page, on which a test puts what it needs."""
    served = Site()
    yield served
    served.close()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def run(archive: Archive, tmp_path: Path) -> Callable[..., Collected]:
    """Collect a site into the archive, from its bare address."""

    def collect_site(site: Site, start: str = "/", limits: Limits = QUICK, **given: Any) -> Collected:
        settings = {key: given.pop(key) for key in list(given) if key in Portal.__struct_fields__}
        portal = msgspec.structs.replace(Portal("test", [site.url(start)], limits=limits), **settings)
        with Fetcher(limits, allow_private=given.pop("allow_private", True)) as fetcher:
            return collect(portal, archive, WebCache(tmp_path / "web"), fetcher, **given)

    return collect_site
