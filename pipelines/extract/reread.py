"""Reading figures a second time, by ways that share nothing with the first but the file: whose error is a wrong sum?

Two readers. `position` asks pdfium for the characters that stand in a figure's box, and whether the box lies in line
with the other figures of its row and of its column. `camelot` renders the page, finds the grid in the picture, and
asks the same of its cells; it also tells of numbers in the grid that no figure has. What a page looks like to them is
kept by sha256, page and reader. What follows from an answer is decided in `pipelines.warehouse.blame`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import mode
from typing import Literal, NamedTuple

import msgspec
import pypdfium2 as pdfium

from pipelines.extract.pages.grids import find_grids_by_rendering
from pipelines.extract.pages.layout import read_layout
from pipelines.extract.pages.model import Box, Cell, Grid, Page
from pipelines.extract.tables.numbers import is_amount
from pipelines.files import replacing

Reader = Literal["position", "camelot", "unread"]
REREADER = f"juesuan-reread-2+pdfium-{version('pypdfium2')}+camelot-{version('camelot-py')}"
"""Raise the number when what is kept of a page changes."""
_SLACK = 1.0
"""Points by which a figure's box may miss its ink."""


class Printed(msgspec.Struct, frozen=True):
    """A figure as it was read first. The box is in the PDF's user space; `table_no` is None in running text."""

    figure_id: str
    page: int
    table_no: int | None
    row: str
    column: str
    text: str
    box: Box


class Rereading(NamedTuple):
    """What one reader says of a figure; `agrees` is None where it cannot tell.

    Reader `unread` gives numbers of a grid that no figure has: `figure_id` is then a figure of the same table.
    """

    figure_id: str
    reader: Reader
    page: int
    text: str
    agrees: bool | None


class PageAgain(msgspec.Struct, frozen=True):
    """A page as the second readers see it, in user space."""

    chars: list[tuple[str, Box]]
    grids: list[Grid]
    turned: bool = False
    """Shown turned by 90 or 270 degrees: rows then run along y."""


def read_again(path: Path, sha256: str, figures: Sequence[Printed], wanted: set[str], kept: Path) -> list[Rereading]:
    """Read the `wanted` of `figures` again; the others are their neighbours. `kept` is the folder of pages reread.

    `figures` should hold all figures of each page on which something is wanted. Raises pypdfium2.PdfiumError when the
    file cannot be opened.
    """
    pages = sorted({figure.page for figure in figures if figure.figure_id in wanted})
    out: list[Rereading] = []
    for number in pages:
        page = _page(path, sha256, number, kept)
        here = [figure for figure in figures if figure.page == number]
        out += compare(page, here, wanted)
    return out


def compare(page: PageAgain, figures: Sequence[Printed], wanted: set[str]) -> list[Rereading]:
    """What both readers say of the `wanted` among the `figures` of one page."""
    out: list[Rereading] = []
    for figure in figures:
        if figure.figure_id in wanted:
            out.append(_by_position(page, figure, figures))
            if figure.table_no is not None:
                out.append(_by_camelot(page, figure, figures))
    for table in sorted({f.table_no for f in figures if f.figure_id in wanted and f.table_no is not None}):
        anchor = next(f for f in figures if f.figure_id in wanted and f.table_no == table)
        for text in _unread(page, [f for f in figures if f.table_no == table], figures):
            out.append(Rereading(anchor.figure_id, "unread", anchor.page, text, False))
    return out


def _by_position(page: PageAgain, figure: Printed, figures: Iterable[Printed]) -> Rereading:
    box = figure.box
    ink = [
        (char, at) for char, at in page.chars
        if box.x0 - _SLACK <= at.x_mid <= box.x1 + _SLACK and box.y0 - _SLACK <= at.y_mid <= box.y1 + _SLACK
    ]  # fmt: skip
    text = "".join(char for char, _ in ink)
    if figure.table_no is None:
        # The box of a number broken over two lines holds much else.
        broken = len({round(at.y_mid / max(at.height, 1)) for _, at in ink}) > 2
        found = _digits(figure.text) in _digits(text) if _digits(figure.text) else _plain(figure.text) in _plain(text)
        return Rereading(figure.figure_id, "position", figure.page, text, found or (None if broken else False))
    same = _digits(text) == _digits(figure.text)
    table = [other for other in figures if other.table_no == figure.table_no and other is not figure]
    column = [other.box for other in table if other.column == figure.column]
    row = [other.box for other in table if other.row == figure.row]
    above, beside = (_beside, _above) if page.turned else (_above, _beside)
    in_column = not column or any(above(box, other) for other in column)
    in_row = not row or any(beside(box, other) for other in row)
    return Rereading(figure.figure_id, "position", figure.page, text, same and in_column and in_row)


def _above(one: Box, other: Box) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1


def _beside(one: Box, other: Box) -> bool:
    return one.y0 < other.y1 and other.y0 < one.y1


def _by_camelot(page: PageAgain, figure: Printed, figures: Iterable[Printed]) -> Rereading:
    found = _cell(page, figure.box)
    if found is None:
        return Rereading(figure.figure_id, "camelot", figure.page, "", None)
    grid, cell = found
    same = _digits(figure.text) in _digits(cell.text)
    columns = [
        other.col
        for neighbour in figures
        if neighbour.table_no == figure.table_no and neighbour.column == figure.column and neighbour is not figure
        if (there := _cell(page, neighbour.box)) is not None and there[0] is grid
        for other in (there[1],)
    ]
    aligned = not columns or cell.col <= mode(columns) < cell.col + cell.col_span or cell.col in columns
    return Rereading(figure.figure_id, "camelot", figure.page, cell.text, same and aligned)


def _unread(page: PageAgain, table: Sequence[Printed], figures: Iterable[Printed]) -> list[str]:
    """The amounts in this table's grids that stand in no figure's box."""
    grids = {id(found[0]): found[0] for figure in table if (found := _cell(page, figure.box)) is not None}
    boxes = [figure.box for figure in figures]
    out: list[str] = []
    for grid in grids.values():
        for cell in grid.cells:
            ink = cell.text_box
            if ink is None or not is_amount(cell.text):
                continue
            if not any(b.x0 - _SLACK <= ink.x_mid <= b.x1 + _SLACK and b.y0 - _SLACK <= ink.y_mid <= b.y1 + _SLACK
                       for b in boxes):  # fmt: skip
                out.append(cell.text)
    return out


def _cell(page: PageAgain, box: Box) -> tuple[Grid, Cell] | None:
    for grid in page.grids:
        for cell in grid.cells:
            rect = cell.rect
            if rect.x0 <= box.x_mid <= rect.x1 and rect.y0 <= box.y_mid <= rect.y1:
                return grid, cell
    return None


def _digits(text: str) -> str:
    """The digits of a number, its point and its sign, as any reader would give them."""
    return "".join(ch for ch in unicodedata.normalize("NFKC", text) if ch.isdecimal() or ch in ".-")


def _plain(text: str) -> str:
    """Words without white space, in plain width: 持平, 小于."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _page(path: Path, sha256: str, number: int, kept: Path) -> PageAgain:
    file = kept / REREADER / sha256[:2] / f"{sha256}-{number}.msgpack"
    try:
        return msgspec.msgpack.decode(file.read_bytes(), type=PageAgain)
    except (FileNotFoundError, msgspec.DecodeError):
        page = _look(path, number)
    with replacing(file) as part:
        part.write_bytes(msgspec.msgpack.encode(page))
    return page


def _look(path: Path, number: int) -> PageAgain:
    data = path.read_bytes()
    with pdfium.PdfDocument(data) as pdf:
        text = pdf[number - 1].get_textpage()
        chars = [
            (text.get_text_range(i, 1), Box(*text.get_charbox(i))) for i in range(text.count_chars())
        ]  # fmt: skip
        layout = read_layout(pdf, number - 1)
    frame = Page(number, layout.width, layout.height, layout.rotation, [], [], 0, 0, origin=layout.origin)
    grids = [_in_user_space(frame, grid) for grid in find_grids_by_rendering(data, layout)]
    return PageAgain([(char, box) for char, box in chars if not char.isspace()], grids, layout.rotation % 180 != 0)


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
