"""Pages and grids drawn from lists of words, for tests of what comes after reading the page."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.extract.pages.model import Box, Cell, Grid, Page, TextLine

WIDTH, HEIGHT = 60.0, 20.0
LEFT = "<"
"""A cell merged with the one at its left."""
UP = "^"
"""A cell merged with the one above."""


def line(text: str, x: float = 0.0, y: float = 0.0, size: float = 10.0) -> TextLine:
    """One line of text with its left end at x and its foot at y."""
    x0s = [x + i * size for i in range(len(text))]
    return TextLine(text, x0s, [x0 + size for x0 in x0s], y, y + size)


def grid(rows: Sequence[Sequence[str]], top: float = 700.0, left: float = 50.0) -> Grid:
    """A grid of equal cells; LEFT and UP merge, wrapped text is given with newlines."""
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in (LEFT, UP):
                continue
            cols = 1
            while c + cols < len(row) and row[c + cols] == LEFT:
                cols += 1
            spans = 1
            while r + spans < len(rows) and rows[r + spans][c] == UP:
                spans += 1
            x0, y1 = left + c * WIDTH, top - r * HEIGHT
            rect = Box(x0, y1 - spans * HEIGHT, x0 + cols * WIDTH, y1)
            lines = [line(part, x0 + 1, y1 - 5 - 4 * i, 4.0) for i, part in enumerate(text.split("\n")) if part]
            cells.append(Cell(r, c, spans, cols, rect, lines))
    height, width = len(rows), max(map(len, rows))
    rect = Box(left, top - height * HEIGHT, left + width * WIDTH, top)
    return Grid(rect, height, width, cells, "drawn", True)


def page(number: int, *parts: str | Grid | TextLine) -> Page:
    """A page with lines and grids below each other in the order given."""
    lines: list[TextLine] = []
    grids: list[Grid] = []
    y = 780.0
    for part in parts:
        if isinstance(part, Grid):
            drop = part.rect.y1 - y
            moved = [
                Cell(c.row, c.col, c.row_span, c.col_span, _down(c.rect, drop),
                     [TextLine(x.text, x.x0s, x.x1s, x.y0 - drop, x.y1 - drop) for x in c.lines])
                for c in part.cells
            ]  # fmt: skip
            grids.append(Grid(_down(part.rect, drop), part.rows, part.cols, moved, part.engine, part.conserved))
            y -= part.rect.height + 2
        else:
            drawn = part if isinstance(part, TextLine) else line(part, 60.0, y - 10)
            lines.append(drawn)
            y -= 14
    return Page(number, 595.0, 842.0, 0, lines, grids, 100, 0)


def _down(box: Box, drop: float) -> Box:
    return Box(box.x0, box.y0 - drop, box.x1, box.y1 - drop)
