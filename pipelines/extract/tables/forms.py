"""Forms: grids whose numbers stand beside their words, not below a header (绩效目标表 and the like).

A table is read as a form when reading it by columns leaves a number unread, so that nothing printed is lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.catalogue.tables import TableCatalogue
from pipelines.extract.pages.model import Cell, Grid
from pipelines.extract.tables.headers import Column, unit_in_words
from pipelines.extract.tables.numbers import is_amount, read_number
from pipelines.extract.tables.rows import Row, Value
from pipelines.words import squash

_RELATION = re.compile("^([≥≤=＝<>]|定性)$")
"""How a target is meant: neither label nor column."""


def leaves_numbers_unread(grids: Sequence[tuple[int, Grid]], rows: Sequence[Row], *, integers: bool) -> bool:
    """Whether a number stands in a grid but not among the rows read from it.

    Bare integers count only with `integers`: in tables of accounts they are codes and ordinals.
    """
    read = {(row.page, value.box) for row in rows for value in row.values}
    return any(
        (_is_number(cell) if integers else is_amount(cell.text)) and (page, cell.text_box) not in read
        for page, grid in grids
        for cell in grid.cells
    )


def read_form(grids: Sequence[tuple[int, Grid]], catalogue: TableCatalogue) -> list[Row]:
    """One row per grid row: the words left of a number label it, the nearest words above it are its column."""
    rows: list[Row] = []
    for page, grid in grids:
        for line in range(grid.rows):
            here = [cell for cell in grid.cells if cell.row <= line < cell.row + cell.row_span and squash(cell.text)]
            if not any(cell.row == line for cell in here):
                continue
            here.sort(key=lambda cell: cell.rect.x0)
            words = [cell for cell in here if not _is_number(cell) and not _RELATION.match(squash(cell.text))]
            row = Row(page, len(rows) + 1, 0, labels=[squash(cell.text) for cell in words])
            for cell in here:
                box = cell.text_box
                if cell.row == line and box is not None and _is_number(cell):
                    left = [squash(word.text) for word in words if word.rect.x1 <= cell.rect.x0 + 1]
                    path = tuple(text for text in (_above(grid, cell), *left[-1:]) if text)
                    units = [unit for text in (*path, *left) if (unit := unit_in_words(text, catalogue)) is not None]
                    column = Column(cell.rect.x0, cell.rect.x1, path, unit=units[0] if units else None)
                    row.values.append(Value(column, cell.text, box))
            rows.append(row)
    return rows


def _is_number(cell: Cell) -> bool:
    printed = read_number(cell.text)
    return printed is not None and printed.value is not None


def _above(grid: Grid, cell: Cell) -> str:
    """The words over a cell in the nearest header row above it: a row of words only, with a cell as wide as this."""
    for line in range(cell.row - 1, -1, -1):
        row = [c for c in grid.cells if c.row <= line < c.row + c.row_span and squash(c.text)]
        if len(row) < 3 or any(re.search(r"\d(?![^（(]*[）)]$)|^[≤≥<>=＝]", squash(c.text)) for c in row):
            continue
        over = [c for c in row if abs(c.rect.x0 - cell.rect.x0) < 3 and abs(c.rect.x1 - cell.rect.x1) < 3]
        if over:
            return squash(over[0].text)
    return ""
