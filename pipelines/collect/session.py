"""One walk over a portal in a home: what the command and the asset both run."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection

import polars as pl
import stamina

from pipelines.collect.archive import Archive
from pipelines.collect.collector import Collected, Outcome, collect
from pipelines.collect.fetch import AGENT, Fetcher
from pipelines.collect.portals import Portal
from pipelines.collect.webcache import WebCache
from pipelines.settings import CONTACT_VARIABLE, Home


def outcome_table(done: Collected) -> pl.DataFrame:
    """What became of documents, without those that are as they were, and of pages nothing came of."""
    rows: list[tuple[str, ...]] = [
        (one.what, one.title, one.url, one.reason) for one in done.outcomes if one.what != "unchanged"
    ]
    rows += [("page failed", "", failure.url, failure.reason) for failure in done.pages_failed]
    return pl.DataFrame(rows, schema=["what", "title", "url", "reason"], orient="row")


def collect_into(
    home: Home,
    portal: Portal,
    *,
    years: Collection[int] = (),
    dry_run: bool = False,
    allow_private: bool = False,
    on_outcome: Callable[[Outcome], None] = lambda outcome: None,
) -> Collected:
    """Walk `portal` and take its documents into the archive of `home`; see `pipelines.collect.collector.collect`."""
    # What failed in the end is an outcome; each attempt would only be noise.
    stamina.instrumentation.set_on_retry_hooks(())
    contact = os.environ.get(CONTACT_VARIABLE, "").strip()
    agent = AGENT.replace(")", f"; contact: {contact})") if contact else AGENT
    with Fetcher(portal.limits, allow_private=allow_private, user_agent=agent) as fetcher:
        archive, cache = Archive(home.archive), WebCache(home.web_cache)
        return collect(portal, archive, cache, fetcher, years=years, dry_run=dry_run, on_outcome=on_outcome)
