"""What a document offers to read its metadata from: title, headings, captions, tables, link; and how they vote."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from pipelines.catalogue.metadata import either, metadata_words
from pipelines.collect.links import LinkFacts
from pipelines.extract.metadata.names import clean_name, is_name
from pipelines.extract.metadata.nature import TableTitle, table_titles
from pipelines.extract.metadata.printed import PrintedLine, key_of, labelled_cells, printed_lines
from pipelines.extract.metadata.titles import Title, cover_title, heading_title, parse_title
from pipelines.extract.pages.model import Page

T = TypeVar("T")
_COVER_PAGES = 2


class Found(NamedTuple, Generic[T]):
    """A value and where it was read."""

    value: T
    evidence: str


class Caption(NamedTuple):
    """A labelled name: the label says department or unit, weakly, since families use one word for both."""

    page: int
    name: str
    scope: str
    head: bool
    on_cover: bool


class Sources(NamedTuple):
    """All that fields are read from."""

    lines: list[PrintedLine]
    cover: Title | None
    cover_page: int
    headings: list[tuple[int, Title]]
    captions: list[Caption]
    titles: list[TableTitle]
    link: Title | None


def gather(pages: Sequence[Page], link: LinkFacts) -> Sources:
    """Collect the sources of a document, pages in order."""
    by_page = [printed_lines(page) for page in pages]
    cover, cover_page = None, 0
    for printed in [lines for lines in by_page if lines][:_COVER_PAGES]:
        cover, cover_page = cover_title(printed), printed[0].page
        if cover is not None:
            break
    lines = [line for printed in by_page for line in printed]
    headings = [(line.page, title) for line in lines if (title := heading_title(line.key)) is not None]
    return Sources(
        lines=lines,
        cover=cover,
        cover_page=cover_page,
        headings=headings,
        captions=[*_line_captions(lines), *_cell_captions(pages)],
        titles=table_titles(lines),
        link=parse_title(key_of(link.link_title), whole=False) if link.link_title else None,
    )


def majority(votes: Iterable[tuple[T, int, str]], what: str) -> Found[T] | None:
    """The value most often stated, the first of equals, with its first page and words."""
    listed = list(votes)
    if not listed:
        return None
    value, times = Counter(v for v, _, _ in listed).most_common(1)[0]
    page, words = next((p, w) for v, p, w in listed if v == value)
    others = sorted({str(v) for v, _, _ in listed if v != value})
    against = f", against {', '.join(others[:3])}" if others else ""
    return Found(value, f"{what} on page {page}: '{words[:60]}' ({times} of {len(listed)}{against})")


def latest_first(votes: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Of years stated equally often the later is the document's, the earlier the one compared with."""
    return sorted(votes, key=lambda vote: -vote[0])


@functools.cache
def _caption_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    labels = metadata_words().labels
    label = f"(?:(?P<department>{either(labels.department)})|(?P<unit>{either(labels.unit)}))"
    end = either(metadata_words().label_end)
    return re.compile(f"(?:^|[)）表]){label}:(?P<name>.+?)(?={end}|$)"), re.compile(f"{label}:?")


def _line_captions(lines: Iterable[PrintedLine]) -> Iterable[Caption]:
    in_line, _ = _caption_patterns()
    for line in lines:
        found = in_line.search(line.key) if ":" in line.key else None
        if found is not None:
            yield from _caption(line.page, found, found["name"], not line.in_grid)


def _cell_captions(pages: Sequence[Page]) -> Iterable[Caption]:
    _, alone = _caption_patterns()
    for number, left, right in labelled_cells(pages):
        found = alone.fullmatch(left)
        if found is not None:
            yield from _caption(number, found, right, False)


def _caption(page: int, label: re.Match[str], printed: str, outside: bool) -> Iterable[Caption]:
    name = clean_name(printed)
    if is_name(name.text):
        scope = "department" if label["department"] else "unit"
        yield Caption(page, name.text, scope, name.head, outside and page == 1)
