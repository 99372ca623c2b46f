"""The printed lines of a page for matching: those outside grids and the cells inside them, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipelines.extract.pages.model import Page, TextLine
from pipelines.words import canonical

_CHINESE_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "O": "0", "0": "0"}
_CHINESE_YEAR = re.compile("二[〇○零O0][〇○零O0一二三四五六七八九]{2}(?=年)")
_PROSE = re.compile("[一-龥]")


class PrintedLine(NamedTuple):
    """A line outside grids or the whole of one cell, with its canonical text."""

    page: int
    key: str
    """Canonical text; years written in Chinese digits are in Arabic ones."""
    in_grid: bool

    @property
    def is_prose(self) -> bool:
        """Whether it reads as a full line of running text."""
        return (
            not self.in_grid and len(self.key) >= 20 and len(_PROSE.findall(self.key)) >= 16 and "..." not in self.key
        )


def key_of(text: str) -> str:
    """The canonical text with years such as 二〇二三年 in Arabic digits."""
    return _CHINESE_YEAR.sub(lambda m: "".join(_CHINESE_DIGITS.get(c, "2") for c in m.group()), canonical(text))


def printed_lines(page: Page) -> list[PrintedLine]:
    """All lines and cells of a page, top to bottom, cells of one row left to right."""
    placed = [(-line.y1, line.box.x0, False, _without_gaps([line])) for line in page.lines]
    for grid in page.grids:
        placed += [(-cell.rect.y1, cell.rect.x0, True, _without_gaps(cell.lines)) for cell in grid.cells if cell.lines]
    return [PrintedLine(page.number, key_of(text), in_grid) for _, _, in_grid, text in sorted(placed)]


def labelled_cells(pages: Sequence[Page]) -> Iterator[tuple[int, str, str]]:
    """Page, text and next text of each pair of cells that stand side by side."""
    for page in pages:
        for grid in page.grids:
            for left, right in zip(grid.cells, grid.cells[1:], strict=False):
                if left.lines and right.lines and left.row == right.row:
                    yield page.number, key_of(left.text), key_of(right.text)


def _without_gaps(lines: Sequence[TextLine]) -> str:
    return "".join(line.text for line in lines)
