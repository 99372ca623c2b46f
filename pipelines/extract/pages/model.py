"""What a page holds once read: text lines and ruled grids, each with its place.

These records are what the page cache stores, so they hold only what is printed. What a table is and what a
figure means is computed from them afresh on each build. All coordinates are *reading space*: points, origin
bottom left of the page as a person sees it, after /Rotate. `Page.to_user_space` gives the box in the PDF's own
user space, which is what is published.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec


class Box(NamedTuple):
    """A rectangle in points: left, bottom, right, top."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def y_mid(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def x_mid(self) -> float:
        return (self.x0 + self.x1) / 2

    def union(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))


class TextLine(msgspec.Struct, frozen=True):
    """One visual line of text; `x0s` and `x1s` give the left and right edge of each character of `text`."""

    text: str
    x0s: list[float]
    x1s: list[float]
    y0: float
    y1: float

    @property
    def box(self) -> Box:
        return Box(min(self.x0s), self.y0, max(self.x1s), self.y1)

    def box_of(self, start: int, end: int) -> Box:
        """The box of the characters `start` to `end` (exclusive)."""
        return Box(min(self.x0s[start:end]), self.y0, max(self.x1s[start:end]), self.y1)


class Cell(msgspec.Struct, frozen=True):
    """A grid cell, merged cells being one: its place in the grid, its rectangle, and the lines printed in it."""

    row: int
    col: int
    row_span: int
    col_span: int
    rect: Box
    lines: list[TextLine]

    @property
    def text(self) -> str:
        """The cell's text, wrapped lines separated by newlines."""
        return "\n".join(line.text for line in self.lines)

    @property
    def text_box(self) -> Box | None:
        """The box of the ink, None for a blank cell."""
        box: Box | None = None
        for line in self.lines:
            box = line.box if box is None else box.union(line.box)
        return box


class Grid(msgspec.Struct, frozen=True):
    """A ruled table region of one page. `cells` lists each merged cell once, in reading order."""

    rect: Box
    rows: int
    cols: int
    cells: list[Cell]
    engine: str
    """What built it: 'pdfium+lattice', or 'camelot' where the page fell back to stock camelot."""
    conserved: bool
    """Whether each glyph inside the grid stands in exactly one cell."""


class Page(msgspec.Struct, frozen=True):
    """One page as read. `lines` are those outside every grid, top to bottom."""

    number: int
    width: float
    height: float
    rotation: int
    lines: list[TextLine]
    grids: list[Grid]
    glyphs: int
    images: int
    notes: list[str] = []
    """Problems met while reading the page, in words for people."""
    origin: tuple[float, float] = (0.0, 0.0)
    """Lower left corner of the visible page in user space."""
    rules: list[Box] = []
    """Ruled lines outside every grid, without height or without width; kept with `words`."""
    words: list[TextLine] = []
    """The words of `lines`, each with its own height. Kept only where numbers stand outside grids, for a table
    without rulings may be made of them."""

    def to_user_space(self, box: Box) -> Box:
        """A reading-space box in the PDF's user space (undoes /Rotate and the crop origin)."""
        x0, y0, x1, y1 = box
        if self.rotation == 90:
            x0, y0, x1, y1 = self.height - y1, x0, self.height - y0, x1
        elif self.rotation == 180:
            x0, y0, x1, y1 = self.width - x1, self.height - y1, self.width - x0, self.height - y0
        elif self.rotation == 270:
            x0, y0, x1, y1 = y0, self.width - x1, y1, self.width - x0
        left, bottom = self.origin
        return Box(x0 + left, y0 + bottom, x1 + left, y1 + bottom)


class DocumentPages(msgspec.Struct, frozen=True):
    """All pages of a document, as cached: nothing here depends on the catalogue."""

    sha256: str
    extractor: str
    pages: list[Page]
    producer: str = ""
