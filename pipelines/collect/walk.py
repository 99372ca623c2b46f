"""Finding documents: from the start pages along the links that promise most, within bounds.

Which links promise something is `pipelines.collect.judge`; what is done with a document found is not decided here.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Collection, Iterator
from itertools import count
from urllib.parse import urlsplit

import msgspec

from pipelines.collect.addresses import identity
from pipelines.collect.judge import (
    FOLLOWED,
    document_words,
    is_account,
    kind_year,
    link_worth,
    listing_year,
    page_worth,
)
from pipelines.collect.pages import Link, PageFacts
from pipelines.collect.portals import Portal
from pipelines.collect.words import words

FIGURES_OF_A_TABLE = 20
"""An article whose tables hold fewer numbers carries no account in itself."""
TRAIL = 3
"""How many of the words that led to a page say something of it."""


class Found(msgspec.Struct, frozen=True):
    """A document a page links to, or a page that is one itself."""

    url: str
    title: str
    page: PageFacts
    listing_year: int | None
    is_page: bool = False


class Bounds(msgspec.Struct):
    """How far a walk came, and what ended it where that was not the end of the links."""

    pages: int = 0
    """Pages that were asked for; `read` counts them, for it knows which were read before a stop."""
    cut: str = ""


class _Way(msgspec.Struct, frozen=True):
    url: str
    worth: float
    depth: int
    trail: tuple[str, ...] = ()
    turned: int = 0
    """How many times in a row a "next page" was followed."""


def walk(
    portal: Portal, read: Callable[[str], PageFacts | None], bounds: Bounds, years: Collection[int] = ()
) -> Iterator[Found]:
    """Follow a portal's links, the most promising first, and give each document once.

    `read` gives the facts of a page, None where nothing came of it. With `years`, only what is listed under one of
    these years is followed and given, as far as the words tell.
    """
    began, order = time.monotonic(), count()
    heap: list[tuple[float, int, int, _Way]] = []
    seen: set[str] = set()
    given: set[str] = set()
    # All that pages showed, asked for or not: what tells a listing that goes on from one that goes round.
    met: set[str] = set()

    def add(way: _Way) -> None:
        if way.url not in seen and way.depth <= portal.limits.depth:
            seen.add(way.url)
            heapq.heappush(heap, (-way.worth, way.depth, next(order), way))

    for start in portal.start:
        add(_Way(start, 1.0, 0))
    for pattern in portal.pages:
        add(_Way(pattern.replace("{page}", "1"), 1.0, 0))
    while heap:
        bounds.cut = _cut(portal, bounds, began)
        if bounds.cut:
            return
        way = heapq.heappop(heap)[-1]
        page = read(way.url)
        if page is None:
            continue
        trail = " ".join(way.trail)
        for found in _documents(page, trail, years):
            if identity(found.url) not in given:
                given.add(identity(found.url))
                yield found
        inherited = max(way.worth * 0.9, page_worth(page)) if way.depth else max(_promise(way.url), page_worth(page))
        worths = {link: link_worth(link, page, inherited, portal) for link in page.links if not link.is_file}
        shown = {link.url for link in page.links if link.is_file or (worths[link] >= FOLLOWED and link.place != "next")}
        new = not shown <= met
        met |= shown
        for link, worth in worths.items():
            turns = link.place == "next"
            if worth < FOLLOWED or not portal.allows_page(link.url) or not _of_years(link, years):
                continue
            if turns and way.turned and not new:
                continue  # a listing that has turned into what was seen has no end of its own
            said = way.trail if turns else (*way.trail, link.words)[-TRAIL:]
            add(_Way(link.url, worth, way.depth + (not turns), said, way.turned + turns))
        for pattern in portal.pages:
            number = _page_number(pattern, way.url)
            if number and new:
                add(_Way(pattern.replace("{page}", str(number + 1)), 1.0, 0))


def _documents(page: PageFacts, trail: str, years: Collection[int]) -> Iterator[Found]:
    listed = 0
    for link in page.links:
        if link.is_file and is_account(link, page, trail):
            listed += 1
            year = listing_year((link.words, link.row, link.context, page.title, page.column, trail))
            if year is None or not years or year in years:
                yield Found(link.url, document_words(link, page, trail), page, year)
    if page.figures >= FIGURES_OF_A_TABLE and (page.is_article or not listed) and words("account").in_(page.title):
        year = listing_year((page.title, page.column, trail))
        if year is None or not years or year in years:
            yield Found(page.url, page.title, page, year, is_page=True)


def _promise(start: str) -> float:
    """What a start page promises whatever it says: it was given as one about accounts, unless it is a whole site."""
    return 0.0 if urlsplit(start).path in ("", "/") and not urlsplit(start).query else 0.6


def _of_years(link: Link, years: Collection[int]) -> bool:
    """Whether a link's own words, where they name a year, name one that is asked for."""
    _, year = kind_year(link.words)
    return not years or year is None or year in years


def _cut(portal: Portal, bounds: Bounds, began: float) -> str:
    if bounds.pages >= portal.limits.pages:
        return f"The walk ended after {bounds.pages} pages, its limit; `limits: pages` in the portal's YAML raises it."
    if time.monotonic() - began > portal.limits.minutes * 60:
        return f"The walk ended after {portal.limits.minutes:g} minutes, its limit; the same command starts another."
    return ""


def _page_number(pattern: str, url: str) -> int | None:
    before, _, after = pattern.partition("{page}")
    number = url.removeprefix(before).removesuffix(after)
    return int(number) if url == f"{before}{number}{after}" and number.isdigit() else None
