"""Rows printed without a rule between them: one grid row that holds several, cut apart by their amounts.

Some tables rule their columns only. An amount wrapped inside its cell is no such case: its parts are no amounts.
"""

from __future__ import annotations

from itertools import pairwise

from pipelines.extract.pages.model import Box, Cell, Grid, TextLine
from pipelines.extract.tables.numbers import is_amount


def unstack(grid: Grid) -> Grid:
    """The grid with each stacked row cut into its rows; the same grid where there is none."""
    bands = {row: levels for row in range(grid.rows) if (levels := _bands(grid, row))}
    if not bands:
        return grid
    offset, shift = [0] * (grid.rows + 1), 0
    for row in range(grid.rows):
        offset[row] = row + shift
        shift += len(bands.get(row, [0])) - 1
    offset[grid.rows] = grid.rows + shift
    cells: list[Cell] = []
    for cell in grid.cells:
        if cell.row in bands and cell.row_span == 1:
            cells += _cut(cell, offset[cell.row], bands[cell.row])
        else:
            first, end = offset[cell.row], offset[cell.row + cell.row_span]
            cells.append(Cell(first, cell.col, end - first, cell.col_span, cell.rect, cell.lines))
    cells.sort(key=lambda c: (c.row, c.col))
    return Grid(grid.rect, grid.rows + shift, grid.cols, cells, grid.engine, grid.conserved)


def _bands(grid: Grid, row: int) -> list[float]:
    """The heights of the rows stacked in a grid row, top down: two cells or more print amounts at each of them."""
    stacked = [
        cell
        for cell in grid.cells
        if cell.row == row and cell.row_span == 1 and len(cell.lines) > 1 and all(is_amount(x.text) for x in cell.lines)
    ]
    levels = [[_middle(line) for line in cell.lines] for cell in stacked]
    if len(levels) < 2:
        return []
    fullest = max(levels, key=len)
    aligned = sum(all(min(abs(y - z) for z in fullest) < 2 for y in level) for level in levels)
    return fullest if aligned >= 2 else []


def _cut(cell: Cell, row: int, bands: list[float]) -> list[Cell]:
    """The cell as one cell a band, each line in the band it stands nearest to."""
    lines: list[list[TextLine]] = [[] for _ in bands]
    for line in cell.lines:
        lines[min(range(len(bands)), key=lambda i: abs(bands[i] - _middle(line)))].append(line)
    edges = [cell.rect.y1, *((a + b) / 2 for a, b in pairwise(bands)), cell.rect.y0]
    return [
        Cell(row + i, cell.col, 1, cell.col_span, Box(cell.rect.x0, edges[i + 1], cell.rect.x1, edges[i]), part)
        for i, part in enumerate(lines)
    ]


def _middle(line: TextLine) -> float:
    return (line.y0 + line.y1) / 2
