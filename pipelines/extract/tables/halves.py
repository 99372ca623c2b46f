"""One table printed over two page widths: its left columns on some pages, its right columns on the next ones.

Spreadsheets wider than their paper are cut so. The right half repeats what the cut left of the title, its rows stand at
the same heights, and what names them, and often the unit, is printed on one half only. The halves stay two tables, as
printed; each takes what the other one says of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.extract.pages.model import Grid
from pipelines.extract.tables.rows import Row
from pipelines.words import canonical

if TYPE_CHECKING:
    from pipelines.extract.tables.logical import Table

_NEAR = 2.0
"""Rows of two halves stand at the same height to within this (points)."""
_TITLE = 6
"""So much of a title must be left to be told again."""


def join_halves(tables: Sequence[Table]) -> None:
    """Give each half of a table the unit, and the right one the codes and labels, that stand on the other."""
    for left, right in pairwise(tables):
        if not _are_halves(left, right):
            continue
        left.unit, right.unit = left.unit or right.unit, right.unit or left.unit
        for row in right.rows:
            if row.values and not row.label and (same := _beside(row, left, right)) is not None:
                row.codes, row.labels, row.label_path = same.codes, same.labels, same.label_path


def _are_halves(left: Table, right: Table) -> bool:
    title, rest = canonical(left.title), canonical(right.title)
    return (
        _TITLE <= len(rest) < len(title)
        and title.endswith(rest)
        and right.pages[0] == left.pages[-1] + 1
        and _same_rows(left.segments[0].grid, right.segments[0].grid)
    )


def _same_rows(left: Grid, right: Grid) -> bool:
    """Whether the rows of the right half are rows of the left one; its header may have fewer levels."""
    tops = {cell.rect.y1 for cell in left.cells}
    return all(any(abs(cell.rect.y1 - top) <= _NEAR for top in tops) for cell in right.cells)


def _beside(row: Row, left: Table, right: Table) -> Row | None:
    """The row of the left half that goes on in a row of the right one."""
    page = left.pages[0] + row.page - right.pages[0]
    height = row.values[0].box.y_mid
    return next(
        (other for other in left.rows if other.page == page and other.values
         and abs(other.values[0].box.y_mid - height) <= _NEAR),
        None,
    )  # fmt: skip
