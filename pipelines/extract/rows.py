"""Body rows of a table: codes, labels and values per panel.

A panel is one side of a side-by-side table (收入 | 支出): labels followed by the values they label.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pipelines.catalogue.tables import TableCatalogue
from pipelines.extract.headers import Column, role_of
from pipelines.extract.page import Box, Cell, Grid
from pipelines.words import squash

_LEADING_CODE = re.compile(r"^[\[(（【]?(\d{3}(?:\d{2}){0,2})[\])）】]?[-_.、－—]*([^-\d.,、－—].*)$")
_ENUMERATED = re.compile(r"^[一二三四五六七八九十]+、|^[（(][一二三四五六七八九十]+[）)]|^\d+[.、．]|^\d{3}")
_TOTAL = re.compile("合计|总计|小计")
_CODE_WORDS = re.compile("^[类款项]+$")


@dataclass
class Value:
    """One printed value of a row."""

    column: Column
    text: str
    box: Box


@dataclass
class Row:
    """One body row of one panel. `codes` are the printed parts, blanks kept, so that position tells 类, 款 and 项."""

    page: int
    row_no: int
    panel: int
    codes: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The printed label, white space removed, two-level labels joined by '/'."""
        return "/".join(self.labels)


class Projected(NamedTuple):
    """A grid cell with the first and last column it covers; `starts` is False in the rows it is merged down into."""

    first: int
    last: int
    cell: Cell
    starts: bool


@dataclass(frozen=True)
class BodyRow:
    """A grid row projected on the columns, left to right."""

    page: int
    cells: list[Projected]


def project(grid: Grid, page: int, body: Sequence[int], columns: Sequence[Column], shift: float) -> list[BodyRow]:
    """Project body cells on the columns; `shift` moves the columns to this grid's left edge."""
    rows: dict[int, list[Projected]] = {row: [] for row in body}
    for cell in grid.cells:
        covered = [row for row in range(cell.row, cell.row + cell.row_span) if row in rows]
        if covered:
            first, last = _covered(cell, columns, shift)
            for row in covered:
                rows[row].append(Projected(first, last, cell, row == covered[0]))
    return [BodyRow(page, sorted(cells, key=lambda c: c.cell.rect.x0)) for _, cells in sorted(rows.items())]


def _covered(cell: Cell, columns: Sequence[Column], shift: float) -> tuple[int, int]:
    """The columns a cell covers: all of which it takes up more than half, else the one it overlaps most."""
    overlaps = [min(cell.rect.x1, c.x1 + shift) - max(cell.rect.x0, c.x0 + shift) for c in columns]
    covered = [i for i, c in enumerate(columns) if overlaps[i] > 0.5 * (c.x1 - c.x0)]
    if covered:
        return covered[0], covered[-1]
    best = max(range(len(columns)), key=lambda i: overlaps[i])
    return best, best


def assign_roles(columns: Sequence[Column], rows: Sequence[BodyRow], catalogue: TableCatalogue) -> list[Column]:
    """The columns with their roles, told by header words and by what is printed below them."""
    texts: list[list[str]] = [[] for _ in columns]
    for row in rows:
        for first, last, cell, starts in row.cells:
            if starts and first == last and not _CODE_WORDS.match(squash(cell.text)):
                texts[first].append(cell.text)
    roles = [role_of(c, texts[i], catalogue) for i, c in enumerate(columns)]
    last_value = max((i for i, role in enumerate(roles) if role == "value"), default=len(roles))
    # Words behind the last values label nothing.
    roles = ["note" if role == "label" and i > last_value else role for i, role in enumerate(roles)]
    return [replace(column, role=role) for column, role in zip(columns, roles, strict=True)]


def panels(columns: Sequence[Column]) -> list[int]:
    """The panel of each column: a new one starts at a label or code that follows values."""
    out: list[int] = []
    panel, valued = 0, False
    for column in columns:
        if column.role in ("label", "code") and valued:
            panel, valued = panel + 1, False
        valued = valued or column.role == "value"
        out.append(panel)
    return out


def carry_groups(rows: Sequence[BodyRow], columns: Sequence[Column]) -> list[BodyRow]:
    """Let a group label that a page break cut in two name its rows on the new page as well.

    There its cell is blank; it goes on with the group above when either part is merged over several rows.
    """
    panel_of = panels(columns)
    out: list[BodyRow] = []
    carried: dict[int, Cell] = {}
    for row in rows:
        if out and out[-1].page != row.page:
            carried = {}
            for panel in set(panel_of):
                above, below = (_label_cells(r, columns, panel_of, panel) for r in (out[-1], row))
                if len([c for c in above if c.lines]) < 2 or not below or below[0].lines:
                    continue
                group, blank = above[0], below[0]
                if group.lines and abs(group.rect.x0 - blank.rect.x0) < 3 and max(group.row_span, blank.row_span) > 1:
                    carried[id(blank)] = group
        cells = [p._replace(cell=carried[id(p.cell)], starts=False) if id(p.cell) in carried else p for p in row.cells]
        out.append(BodyRow(row.page, cells))
    return out


def _label_cells(row: BodyRow, columns: Sequence[Column], panel_of: Sequence[int], panel: int) -> list[Cell]:
    return [p.cell for p in row.cells if columns[p.first].role == "label" and panel_of[p.last] == panel]


def read_rows(rows: Sequence[BodyRow], columns: Sequence[Column]) -> list[Row]:
    """Body rows panel by panel, in print order; wholly blank rows are not counted."""
    panel_of = panels(columns)
    out: list[Row] = []
    row_no, page = 0, 0
    for body in rows:
        if not any(squash(c.cell.text) for c in body.cells if c.starts):
            continue
        turned, page = page not in (0, body.page), body.page
        if turned and (tails := _cut_off_tails(body, columns, panel_of, out, row_no)):
            for row, tail in tails:
                row.labels[-1] += tail
            continue
        row_no += 1
        parts = {panel: Row(body.page, row_no, panel) for panel in sorted(set(panel_of))}
        for first, last, cell, starts in body.cells:
            role = columns[first].role
            # A label merged over several columns belongs to the values at its right.
            row = parts[panel_of[first if role == "value" else last]]
            text = squash(cell.text)
            if role == "code":
                if not _CODE_WORDS.match(text):  # 类, 款, 项: header words that share a row with data
                    row.codes.append(text)
            elif role == "label" and text:
                row.labels.append(text)
            elif role == "value" and starts and (box := cell.text_box) is not None:
                row.values.append(Value(columns[first], cell.text, box))
        for row in parts.values():
            _settle(row)
            out.append(row)
    return out


def _cut_off_tails(
    body: BodyRow, columns: Sequence[Column], panel_of: Sequence[int], above: Sequence[Row], row_no: int
) -> list[tuple[Row, str]]:
    """The ends of labels that the page break cut off, with the rows they belong to; none if the row stands alone.

    A row of bare words right after a page break ends the labels above it when those are enumerated or coded, as all
    rows of their table are, and it is not.
    """
    tails: list[tuple[Row, str]] = []
    for first, last, cell, _ in body.cells:
        text = squash(cell.text)
        if not text:
            continue
        row = next((r for r in above if r.row_no == row_no and r.panel == panel_of[last]), None)
        if columns[first].role != "label" or row is None or not row.labels:
            return []
        if _ENUMERATED.match(text) or _TOTAL.search(text) or not (any(row.codes) or _ENUMERATED.match(row.labels[0])):
            return []
        tails.append((row, text))
    return tails


def _settle(row: Row) -> None:
    """Words in a code column are labels; a code printed before its name in one cell is a code."""
    words = [code for code in row.codes if code and not re.search(r"\d", code)]
    row.labels[:0] = words
    row.codes = ["" if code in words else code for code in row.codes]
    for i, code in enumerate(row.codes):
        if (both := _LEADING_CODE.match(code)) is not None:
            row.codes[i] = both[1]
            row.labels.insert(0, both[2])
    if not any(row.codes) and row.labels and (both := _LEADING_CODE.match(row.labels[0])) is not None:
        row.codes, row.labels[0] = [both[1]], both[2]


def subject_code(codes: Sequence[str], above: str) -> str:
    """The printed digits joined 类款项, '' if none.

    A row may print its full code in one cell, its parts in three (each row repeating 类 and 款, or only its own
    digits: then the rest comes from `above`, the code of the row before), or an unpadded part (`301│2`).
    """
    parts = [re.sub(r"\D", "", unicodedata.normalize("NFKC", code)) for code in codes]
    printed = [(i, part) for i, part in enumerate(parts) if part]
    if not printed:
        return ""
    position, first = printed[0]
    if len(printed) == 1 and len(first) > 2:
        return first
    if len(first) <= 2:  # its own digits only: 款 in the second place, 项 in the third
        first = above[: 3 + 2 * (position - 1)] + first.zfill(2) if position and above else first.zfill(2)
    return first + "".join(part.zfill(2) for _, part in printed[1:])
