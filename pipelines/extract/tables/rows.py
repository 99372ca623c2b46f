"""Body rows of a table: codes, labels and values per panel.

A panel is one side of a side-by-side table (收入 | 支出): labels followed by the values they label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pipelines.catalogue.tables import TableCatalogue
from pipelines.extract.pages.model import Box, Cell, Grid
from pipelines.extract.tables.codes import CodeGroup, group_columns, leading_code
from pipelines.extract.tables.headers import Column, role_of
from pipelines.words import squash

_ENUMERATED = re.compile(r"^[一二三四五六七八九十]+、|^[（(][一二三四五六七八九十]+[）)]|^\d+[.、．]|^\d{3}")
_TOTAL = re.compile("合计|总计|小计")
_GRAND_TOTAL = re.compile("合计|总计")
_CODE_WORDS = re.compile("^[类款项]+$")


@dataclass
class Value:
    """One printed value of a row."""

    column: Column
    text: str
    box: Box
    unit: str | None = None
    """The unit printed in a column of its own."""


@dataclass
class Row:
    """One body row of one panel."""

    page: int
    row_no: int
    panel: int
    codes: list[CodeGroup] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    label_path: tuple[str, ...] = ()
    """The printed header above the panel's labels, which tells what a side-by-side panel lists."""

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


def project(
    grid: Grid, page: int, body: Sequence[int], numbering: Sequence[int], columns: Sequence[Column], shift: float
) -> list[BodyRow]:
    """Project body cells on the columns; `shift` moves the columns to this grid's left edge.

    A cell that reaches down from a row that numbers the columns, or over it (科目编码 beside 栏次 and 合计), is header.
    """
    rows: dict[int, list[Projected]] = {row: [] for row in body}
    for cell in grid.cells:
        if any(cell.row <= row < cell.row + cell.row_span for row in numbering):
            continue
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
    """The panel of each column.

    A new one starts at a label or code behind values when the header begins again there: under another top header,
    or with words that the panel before it had. Else the words belong to the same row (procurement lists).
    """
    out: list[int] = []
    panel = start = 0
    for i, column in enumerate(columns):
        if column.role in ("label", "code") and any(c.role == "value" for c in columns[start:i]):
            before, value = columns[start:i], next((c for c in columns[i:] if c.role == "value"), None)
            if value is not None and (
                _top(column) != _top(before[0])
                or any(c.words == column.words and c.role == column.role for c in before)
                or any(c.words == value.words and c.role == "value" for c in before)
            ):
                panel, start = panel + 1, i
        out.append(panel)
    return out


def _top(column: Column) -> str:
    """The top header over a column, '' where it has only one level."""
    return column.path[0] if len(column.path) > 1 else ""


def carry_groups(rows: Sequence[BodyRow], columns: Sequence[Column]) -> list[BodyRow]:
    """Let a group label that a page break cut in two name its rows on the new page as well.

    There its cell is blank; it goes on with the group above where the table merges group labels over rows, or leaves
    none of them blank but where a page begins.
    """
    panel_of = panels(columns)
    merging = {p.first for row in rows for p in row.cells if p.cell.row_span > 1 and columns[p.first].role == "label"}
    within = [row for row, before in zip(rows[1:], rows, strict=False) if row.page == before.page]
    merging |= {p.first for row in within for p in row.cells} - {
        p.first for row in within for p in row.cells if not p.cell.lines
    }
    out: list[BodyRow] = []
    carried: dict[int, Cell] = {}
    for row in rows:
        if out and out[-1].page != row.page:
            carried = {}
            for panel in set(panel_of):
                above, below = (_labels(r, columns, panel_of, panel) for r in (out[-1], row))
                if len([p for p in above if p.cell.lines]) < 2 or not below or below[0].cell.lines:
                    continue
                group, blank = above[0], below[0]
                if not any(p.cell.lines and not _GRAND_TOTAL.search(squash(p.cell.text)) for p in below):
                    continue
                if group.cell.lines and abs(group.cell.rect.x0 - blank.cell.rect.x0) < 3 and blank.first in merging:
                    carried[id(blank.cell)] = group.cell
        cells = [p._replace(cell=carried[id(p.cell)], starts=False) if id(p.cell) in carried else p for p in row.cells]
        out.append(BodyRow(row.page, cells))
    return out


def _labels(row: BodyRow, columns: Sequence[Column], panel_of: Sequence[int], panel: int) -> list[Projected]:
    return [p for p in row.cells if columns[p.first].role == "label" and panel_of[p.last] == panel]


def read_rows(rows: Sequence[BodyRow], columns: Sequence[Column], catalogue: TableCatalogue) -> list[Row]:
    """Body rows panel by panel, in print order; wholly blank rows are not counted."""
    panel_of = panels(columns)
    group_of = group_columns(columns, catalogue)
    blank = {
        panel: Row(0, 0, panel, label_path=_label_path(columns, panel_of, panel)) for panel in sorted(set(panel_of))
    }
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
        parts = {
            panel: replace(row, page=body.page, row_no=row_no, codes=[], labels=[], values=[])
            for panel, row in blank.items()
        }
        groups: dict[int, CodeGroup] = {}
        for i, group in enumerate(group_of):
            if group is not None and group[0] not in groups:
                groups[group[0]] = CodeGroup(group[1])
                parts[panel_of[i]].codes.append(groups[group[0]])
        for first, last, cell, starts in body.cells:
            role, group = columns[first].role, group_of[first]
            # A label merged over several columns belongs to the values at its right.
            row = parts[panel_of[first if role == "value" else last]]
            text = squash(cell.text)
            if group is not None and not (last > first and _is_total_of(text, first, last, columns, panel_of)):
                if not _CODE_WORDS.match(text):  # 类, 款, 项: header words that share a row with data
                    groups[group[0]].parts.append(text)
            elif role in ("label", "code") and text:
                row.labels.append(text)
            elif role == "unit" and text and row.values:
                row.values[-1].unit = text
            elif role == "value" and starts and (box := cell.text_box) is not None:
                row.values.append(Value(columns[first], cell.text, box))
        for row in parts.values():
            _settle(row)
            out.append(row)
    return out


def _is_total_of(text: str, first: int, last: int, columns: Sequence[Column], panel_of: Sequence[int]) -> bool:
    """Whether words merged over several panels label them together: 公用经费合计 below the two halves of 公用经费."""
    return (
        panel_of[first] != panel_of[last]
        and _TOTAL.search(text) is not None
        and len({_top(column) for column in columns[first : last + 1]}) == 1
    )


def _label_path(columns: Sequence[Column], panel_of: Sequence[int], panel: int) -> tuple[str, ...]:
    return next((c.path for c, p in zip(columns, panel_of, strict=True) if p == panel and c.role == "label"), ())


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
        if (
            _ENUMERATED.match(text)
            or _TOTAL.search(text)
            or not (any(any(group.parts) for group in row.codes) or _ENUMERATED.match(row.labels[0]))
        ):
            return []
        tails.append((row, text))
    return tails


def _settle(row: Row) -> None:
    """Words in a code column are labels; a code printed before its name in one cell is a code."""
    names: list[str] = []
    for group in row.codes:
        for i, part in enumerate(group.parts):
            if (both := leading_code(part)) is not None:
                group.parts[i] = both[0]
                names.append(both[1])
            elif part and not re.search(r"\d", part):
                group.parts[i] = ""
                names.append(part)
    row.labels[:0] = names
    if not any(any(group.parts) for group in row.codes):
        for i, label in enumerate(row.labels):
            if (both := leading_code(label)) is not None:
                row.codes.append(CodeGroup(parts=[both[0]]))
                row.labels[i] = both[1]
