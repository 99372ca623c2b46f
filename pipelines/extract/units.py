"""The units that a document says its account covers: in a sentence, in a numbered list, or in a table.

Only what is printed as such a list; a unit that merely has rows of its own in a table of amounts is not looked for
here. Which department a name means is decided in `pipelines.normalise.units`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipelines.catalogue.units import unit_words
from pipelines.extract.pages.model import Grid, Page
from pipelines.extract.statements.sentences import sentences
from pipelines.words import canonical

_NUMBERED = re.compile(r"^\(?(\d{1,2}|[一二三四五六七八九十]{1,3})[.、)](?!\d)")
_DIGITS = "一二三四五六七八九"


class ListedUnit(NamedTuple):
    """One unit of a list; `stated` is the number of units the document states there, None where it states none."""

    page: int
    name: str
    source: str
    merged: bool
    stated: int | None


class _Line(NamedTuple):
    page: int
    text: str


def read_units(pages: Sequence[Page]) -> list[ListedUnit]:
    """The units of all lists of a document, in print order; a unit listed twice is there twice.

    A list in which something does not look like a unit is left out as a whole.
    """
    lines = [_Line(sentence.spots[0].page, canonical(sentence.text)) for sentence in sentences(pages)]
    found: list[ListedUnit] = []
    stated_on: dict[int, int] = {}
    for i in range(len(lines)):
        for page, names, source, stated in _listed(lines, i, stated_on):
            found += _units(page, names, source, stated)
    return found + list(_tables(pages, stated_on))


def _listed(
    lines: Sequence[_Line], at: int, stated_on: dict[int, int]
) -> Iterator[tuple[int, list[str], str, int | None]]:
    """The list that a sentence begins, if any: page, items, source, stated number.

    A number stated before a table is kept in `stated_on`, by page.
    """
    words, (page, text) = unit_words(), lines[at]
    if re.search(words.own_only, text):
        yield page, ["本级"], "text", 1
        return
    below = re.search(words.lists_below, "".join(line.text for line in lines[at : at + 2]))
    if below and not re.search(words.lists_below, text) and at + 1 < len(lines):
        names = _items(lines[at + 1].text.partition(":")[2], None)
        yield page, ["本级", *names], "text", None
        return
    intro = next((found for pattern in words.lists if (found := re.search(pattern, text))), None)
    if intro is None:
        return
    stated = _stated(intro)
    if rest := text[intro.end() :].strip("。"):
        yield page, _items(rest, stated), "text", stated
    elif names := _numbered(lines[at + 1 :]):
        yield page, names, "text", stated
    elif stated is not None:
        stated_on[page] = stated


def _stated(intro: re.Match[str]) -> int | None:
    kinds = re.findall(unit_words().counts_by_kind, intro[0])
    if kinds:
        return sum(map(int, kinds))
    return _number(intro.groupdict().get("count") or "")


def _number(text: str) -> int | None:
    """A number up to 99 in digits or Chinese numerals, None if it is none."""
    if text.isdecimal():
        return int(text)
    if not text:
        return None
    tens, ten, ones = text.rpartition("十")
    value = (_DIGITS.index(tens) + 1 if tens else 1) * 10 if ten else 0
    return value + (_DIGITS.index(ones) + 1 if ones else 0)


def _items(text: str, stated: int | None) -> list[str]:
    """The names in a sentence: parted by semicolons with a clause behind each, or by commas."""
    parts = _split(text.strip("。"), ";")
    items = [_split(part, ",")[0] for part in parts] if len(parts) > 1 else _split(text.strip("。"), ",、")
    end = next((i for i, item in enumerate(items) if re.search(unit_words().end, item)), len(items))
    items = items[:end]
    if items and stated == len(items) + 1 and len(both := _split(items[-1], "和")) == 2:
        items[-1:] = both
    return items


def _split(text: str, marks: str) -> list[str]:
    """The parts between `marks`, those in brackets left alone."""
    parts, depth = [""], 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if char in marks and depth <= 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part for part in parts if part]


def _numbered(lines: Sequence[_Line]) -> list[str]:
    """The items of a list numbered from 1, each with the clause behind its name."""
    items: list[str] = []
    for line in lines:
        mark = _NUMBERED.match(line.text)
        if mark is None or _number(mark[1]) != len(items) + 1:
            break
        items.append(line.text[mark.end() :].strip("。;"))
    return items


def _units(page: int, items: Sequence[str], source: str, stated: int | None) -> list[ListedUnit]:
    words = unit_words()
    found: list[ListedUnit] = []
    for item in items:
        name = re.sub(words.before, "", _split(item, ",:")[0]) if item else ""
        if not re.fullmatch(words.unit, name) and name != "本级":
            return []
        clause = item[item.find(name) + len(name) :]
        found.append(ListedUnit(page, name, source, re.search(words.merged, clause) is not None, stated))
    return found


def _tables(pages: Sequence[Page], stated_on: dict[int, int]) -> Iterator[ListedUnit]:
    """The units of tables of composition; one goes on at the top of the next page where the numbers do."""
    table: list[list[str]] = []
    names = 0
    first = 0
    for page in pages:
        for i, grid in enumerate(page.grids):
            rows = _texts(grid)
            if table and i == 0 and rows[0][:1] == [str(len(table) + 1)] and len(rows[0]) == len(table[0]):
                table += rows
                continue
            yield from _table_units(first, table, names, stated_on)
            table = []
            if (column := _name_column(rows[0])) is not None and len(rows) > 1:
                table, names, first = rows[1:], column, page.number
    yield from _table_units(first, table, names, stated_on)


def _texts(grid: Grid) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(grid.rows)]
    for cell in sorted(grid.cells, key=lambda cell: (cell.row, cell.col)):
        rows[cell.row].append(canonical(cell.text))
    return [row for row in rows if row] or [[]]


def _name_column(header: Sequence[str]) -> int | None:
    words = unit_words()
    if len(header) < 2 or "序号" not in header or not all(re.fullmatch(words.header, text) for text in header):
        return None
    return next((i for i, text in enumerate(header) if re.fullmatch(words.name, text)), None)


def _table_units(
    page: int, rows: Sequence[Sequence[str]], names: int, stated_on: dict[int, int]
) -> Iterator[ListedUnit]:
    words = unit_words()
    stated = next((stated_on[number] for number in (page, page - 1) if number in stated_on), None)
    for row in rows:
        if len(row) > names and re.fullmatch(words.unit, row[names]):
            merged = re.search(words.merged, "".join(row[names + 1 :])) is not None
            yield ListedUnit(page, row[names], "table", merged, stated)
