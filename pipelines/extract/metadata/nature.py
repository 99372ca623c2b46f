"""Which parts of an account a document holds, whether it is only a form, and whether it is an account at all."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.catalogue.metadata import either, metadata_words
from pipelines.catalogue.tables import table_catalogue
from pipelines.extract.metadata.printed import PrintedLine
from pipelines.extract.pages.model import Page

_AMOUNT = re.compile(r"^-?\d[\d,]*\.\d{2,}$|^-?\d{1,3}(?:,\d{3})+$")
_NO_TEXT_GLYPHS = 12
"""A page with no more glyphs than a page number or a scanner's mark has no text."""
_TABLE_AMOUNTS = 8
_PROSE_LINES = 12
_TEMPLATE_MARKS = 10


class TableTitle(NamedTuple):
    """A line or cell that is the title of an official table; `account` tells tables of accounts from targets."""

    page: int
    key: str
    account: bool


@functools.cache
def _identify(key: str) -> bool | None:
    catalogue = table_catalogue()
    rule = catalogue.identify(key) if catalogue.is_title(key) else None
    return None if rule is None else rule.account


def table_titles(lines: Sequence[PrintedLine]) -> list[TableTitle]:
    """The lines that are titles of official tables."""
    found = ((line, _identify(line.key)) for line in lines)
    return [TableTitle(line.page, line.key, account) for line, account in found if account is not None]


def is_image(pages: Sequence[Page]) -> bool:
    """Whether hardly a page has text: scanned pages, or glyphs drawn as paths."""
    silent = sum(page.glyphs <= _NO_TEXT_GLYPHS for page in pages)
    return bool(pages) and silent >= 0.9 * len(pages)


def part_of(
    pages: Sequence[Page], lines: Sequence[PrintedLine], titles: Sequence[TableTitle]
) -> tuple[str | None, str]:
    """Which part of an account the pages hold, and the evidence."""
    if is_image(pages):
        return "image", "the pages have no text layer"
    titled = {title.page for title in titles if title.account}
    tables = [page.number for page in pages if _has_table(page, page.number in titled)]
    account_tables = [number for number in tables if number in titled]
    prose = sum(line.is_prose for line in lines)
    targets = {line.page for line in lines if metadata_words().performance in line.key and line.key.endswith("表")}
    counts = f"{len(tables)} pages with tables, {prose} lines of running text"
    narrative = prose >= _PROSE_LINES
    if targets and not account_tables and not narrative:
        return (
            "performance",
            f"performance targets on page {min(targets)}, no account tables, {prose} lines of running text",
        )
    # An account has many tables; one among much text is a list of units or a chart.
    if len(tables) >= (2 if narrative else 1):
        return ("whole" if narrative else "tables"), counts
    return ("narrative" if narrative else None), counts


def _has_table(page: Page, titled: bool) -> bool:
    """Whether a page has a table of an account: a grid with a title or amounts, or amounts under a title, unruled."""
    if page.grids and titled:
        return True
    if page.grids:
        words = [cell.text.strip() for grid in page.grids for cell in grid.cells]
    else:
        words = [word for line in page.lines for word in line.text.split()] if titled else []
    return sum(_AMOUNT.match(word) is not None for word in words) >= _TABLE_AMOUNTS


def is_template(lines: Sequence[PrintedLine], title_has_placeholder: bool) -> tuple[bool, str]:
    """Whether the document is a blank form, and the evidence.

    A single heading left over from the form (XX局) does not make one: the stand-ins must outnumber the figures, or
    stand in the title and elsewhere.
    """
    words = metadata_words()
    mark = re.compile(either(words.placeholders))
    marks = [line for line in lines if mark.search(line.key)]
    stand_ins = sum(len(re.findall(words.placeholder_amounts, line.key)) for line in lines)
    figures = sum(len(re.findall(words.printed_amounts, line.key)) for line in lines)
    many = len(marks) >= _TEMPLATE_MARKS
    if many and (title_has_placeholder or stand_ins > figures):
        first = marks[0]
        return True, (
            f"a blank form: {len(marks)} lines with stand-ins such as '{first.key[:30]}' (page {first.page}), "
            f"{stand_ins} stand-ins for amounts against {figures} printed amounts"
        )
    return False, ""


def other_document(lines: Sequence[PrintedLine]) -> str:
    """What a document that is no account seems to be, by its first lines, in words for people."""
    words = metadata_words().other_documents
    first = [line.key for line in lines[:12] if len(line.key) > 3]
    for end in range(1, len(first) + 1):
        for text in (first[end - 1], "".join(first[max(0, end - 2) : end])):
            ending = re.sub("[^一-龥]+$", "", text)
            for word, what in words.items():
                if ending.endswith(word) and len(text) <= 60:
                    return f"{what}: '{text}'"
    return f"it begins '{first[0][:40]}'" if first else "it has no text"
