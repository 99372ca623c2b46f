"""What is known of a portal: who publishes there, where to begin, and how politely it is asked.

A portal is a small YAML in `raw/portals`; a bare address is a portal without hints. Nothing here asks a server.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec
import yaml

from pipelines.collect.addresses import host_of, tidy
from pipelines.errors import UsageError


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far a walk goes and how hard it asks."""

    depth: int = 8
    pages: int = 2000
    minutes: float = 240.0
    seconds_between_requests: float = 1.0
    """Per host, with one request at a time; a longer Crawl-delay of the host's robots.txt goes before."""
    attempts: int = 4
    wait_seconds: float = 2.0
    """Before the second attempt; doubled each time, with jitter."""
    longest_wait_seconds: float = 120.0
    """A Retry-After longer than this ends the attempts; the next run asks again."""
    timeout_seconds: float = 30.0
    document_seconds: float = 600.0
    page_bytes: int = 16 * 1024**2
    document_bytes: int = 512 * 1024**2


class Portal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One site, or one part of a site, on which accounts are published."""

    name: str
    start: list[str]
    publisher: str = ""
    region: str = ""
    hosts: list[str] = []
    """Hosts whose pages are read, beside those of the start pages; files too."""
    files_elsewhere: bool = False
    """Whether files may lie on any other public host."""
    link_words: list[str] = []
    """More words, as regular expressions, whose links are followed here."""
    not_words: list[str] = []
    """Words, as regular expressions, whose links are not followed here."""
    pages: list[str] = []
    """Addresses of list pages that no link leads to; `{page}` stands for 1, 2, … until one has nothing new."""
    expected: dict[int, int] = {}
    """How many documents each listing year should yield, as counted by a person."""
    verified: Literal["never", "reached", "counted"] = "never"
    """never: the address was not tried; reached: it answered; counted: what it yields was counted by a person."""
    verified_on: str = ""
    limits: Limits = Limits()

    def allows_page(self, url: str) -> bool:
        """Whether a page of this address may be asked for."""
        allowed = {*(host_of(start) for start in self.start), *self.hosts}
        return host_of(url).removeprefix("www.") in {host.removeprefix("www.") for host in allowed}

    def allows_file(self, url: str) -> bool:
        """Whether a file of this address may be asked for."""
        return self.files_elsewhere or self.allows_page(url)


def find_portal(given: str, folders: Sequence[Path]) -> Portal:
    """The portal of a name in one of `folders`, of a YAML file, or of a bare address; else raises UsageError."""
    if re.match(r"https?://", given, re.I):
        url = tidy(given)
        if url is None:
            raise UsageError(f"{given} is no web address.")
        return Portal(name=_name_of(url), start=[url])
    named = [folder / f"{given}.yaml" for folder in folders] if re.fullmatch(r"[\w.-]+", given) else []
    file = next((path for path in (*named, Path(given)) if path.is_file()), None)
    if file is None:
        known = ", ".join(portal.name for portal in portals_in(folders)) or "none yet"
        raise UsageError(
            f"There is no portal {given!r} in {' or '.join(map(str, folders))} (known: {known}), and it is no http(s) "
            "address."
        )
    return read_portal(file)


def portals_in(folders: Sequence[Path]) -> list[Portal]:
    """All portals described in `folders`, by name."""
    return [read_portal(file) for folder in folders for file in sorted(folder.glob("*.yaml"))]


def read_portal(file: Path) -> Portal:
    """Read a portal's YAML; its name is the file's. Raises UsageError that names the file and the field."""
    try:
        given = yaml.safe_load(file.read_text(encoding="utf-8"))
        portal = msgspec.convert({"name": file.stem, **given}, Portal)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, msgspec.ValidationError) as error:
        raise UsageError(f"{file}: {error}") from error
    starts = [tidy(start) for start in portal.start]
    for start, given_start in zip(starts, portal.start, strict=True):
        if start is None:
            raise UsageError(f"{file}: {given_start} is no http(s) address.")
    if not re.fullmatch(r"[\w.-]+", portal.name) or not portal.start:
        raise UsageError(f"{file}: a portal needs a name of letters, digits, - and _, and at least one start page.")
    for pattern in (*portal.link_words, *portal.not_words):
        try:
            re.compile(pattern)
        except re.error as error:
            raise UsageError(f"{file}: {pattern!r} is no pattern: {error}") from error
    return msgspec.structs.replace(portal, start=[start for start in starts if start])


def years_in(given: str) -> list[int]:
    """The years of a list such as 2024,2025 or 2022-2025. Raises UsageError for anything else."""
    years: list[int] = []
    for part in filter(None, given.replace(" ", "").split(",")):
        if not re.fullmatch(r"20\d\d(-20\d\d)?", part):
            raise UsageError(f"{given!r} is no list of years: give 2024, 2024,2025 or 2022-2025.")
        first, _, last = part.partition("-")
        years += range(int(first), int(last or first) + 1)
    return years


def _name_of(url: str) -> str:
    """A name for a bare address, by host and path: two parts of one site are two portals."""
    return re.sub(r"[^\w.-]+", "-", url.split("://", 1)[1]).strip("-.")[:80]
