"""The second reading by stock camelot: it draws the page, finds the grid in the picture, and says what its cells hold.

Slow, hence for figures in doubt only. The grids of a page are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mode

import msgspec
import pypdfium2 as pdfium

from pipelines.extract.pages.grids import find_grids_by_rendering
from pipelines.extract.pages.layout import read_layout
from pipelines.extract.pages.model import Box, Cell, Grid, Page
from pipelines.extract.pages.reader import MAX_RENDERED_POINTS
from pipelines.extract.reread.model import Printed, Rereading, digits
from pipelines.files import replacing


def read_by_rendering(
    pdf: pdfium.PdfDocument,
    content: bytes,
    number: int,
    figures: Sequence[Printed],
    doubted: frozenset[str],
    kept: Path,
) -> Iterator[Rereading]:
    """What camelot finds in the place of the `doubted` among the table `figures` of page `number`, from 1."""
    grids = _grids(pdf, content, number, kept)
    return (_compare(grids, figure, figures) for figure in figures if figure.figure_id in doubted)


def _compare(grids: Sequence[Grid], figure: Printed, figures: Sequence[Printed]) -> Rereading:
    found = _cell(grids, figure.box)
    if found is None:
        return Rereading(figure.figure_id, "camelot", figure.page, "", None)
    grid, cell = found
    if digits(figure.text) not in digits(cell.text):
        return Rereading(figure.figure_id, "camelot", figure.page, cell.text, False, "number")
    columns = [
        there[1].col
        for neighbour in figures
        if neighbour.table_no == figure.table_no and neighbour.column == figure.column and neighbour is not figure
        if (there := _cell(grids, neighbour.box)) is not None and there[0] is grid
    ]
    aligned = not columns or cell.col <= mode(columns) < cell.col + cell.col_span or cell.col in columns
    return Rereading(figure.figure_id, "camelot", figure.page, cell.text, aligned, "" if aligned else "column")


def _cell(grids: Sequence[Grid], box: Box) -> tuple[Grid, Cell] | None:
    for grid in grids:
        for cell in grid.cells:
            rect = cell.rect
            if rect.x0 <= box.x_mid <= rect.x1 and rect.y0 <= box.y_mid <= rect.y1:
                return grid, cell
    return None


def _grids(pdf: pdfium.PdfDocument, content: bytes, number: int, kept: Path) -> list[Grid]:
    try:
        return msgspec.msgpack.decode(kept.read_bytes(), type=list[Grid])
    except (FileNotFoundError, msgspec.DecodeError):
        pass
    layout = read_layout(pdf, number - 1)
    frame = Page(number, layout.width, layout.height, layout.rotation, [], [], 0, 0, origin=layout.origin)
    too_large = max(layout.width, layout.height) > MAX_RENDERED_POINTS
    grids = [] if too_large else [_in_user_space(frame, grid) for grid in find_grids_by_rendering(content, layout)]
    with replacing(kept) as part:
        part.write_bytes(msgspec.msgpack.encode(grids))
    return grids


def _in_user_space(page: Page, grid: Grid) -> Grid:
    cells = [
        msgspec.structs.replace(
            cell,
            rect=page.to_user_space(cell.rect),
            lines=[
                msgspec.structs.replace(line, x0s=[box.x0], x1s=[box.x1], y0=box.y0, y1=box.y1)
                for line in cell.lines
                for box in (page.to_user_space(line.box),)
            ],
        )
        for cell in grid.cells
    ]
    return msgspec.structs.replace(grid, rect=page.to_user_space(grid.rect), cells=cells)
