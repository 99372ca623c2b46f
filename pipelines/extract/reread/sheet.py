"""A page as a person with a ruler sees it: characters by place, and the ruled box around any point.

Shares with the first reading only pdfium and its list of strokes: no grid, no header, no row is taken from there.
Coordinates are those of the page as shown (after /Rotate), origin bottom left.
"""

from __future__ import annotations

import ctypes
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipelines.extract.pages.layout import RADICALS, read_layout
from pipelines.extract.pages.model import Box

_TOUCHING = 2.0
"""Strokes nearer than this (points) are one line."""
_GAP = 0.6
"""A gap wider than this share of the character height ends a word."""


@dataclass(frozen=True)
class Char:
    """One printed character and its ink."""

    text: str
    box: Box


@dataclass(frozen=True)
class Word:
    """Characters of one line that stand close together with no ruling between them."""

    text: str
    box: Box


@dataclass(frozen=True)
class Line:
    """A ruled line: its place across, and how far it goes."""

    at: float
    start: float
    end: float


@dataclass
class Sheet:
    """One page: its characters, and its ruled lines sorted by place."""

    width: float
    height: float
    rotation: int
    origin: tuple[float, float]
    chars: list[Char]
    upright: list[Line]
    level: list[Line]
    _cells: dict[Box, str] = field(default_factory=dict)
    _by_height: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chars.sort(key=lambda char: char.box.y_mid)
        self._by_height = [char.box.y_mid for char in self.chars]

    def shown(self, box: Box) -> Box:
        """A box of the PDF's user space as it is shown."""
        left, bottom = self.origin
        x0, y0, x1, y1 = box.x0 - left, box.y0 - bottom, box.x1 - left, box.y1 - bottom
        if self.rotation == 90:
            return Box(y0, self.height - x1, y1, self.height - x0)
        if self.rotation == 180:
            return Box(self.width - x1, self.height - y1, self.width - x0, self.height - y0)
        if self.rotation == 270:
            return Box(self.width - y1, x0, self.width - y0, x1)
        return Box(x0, y0, x1, y1)

    def cell_at(self, x: float, y: float) -> Box | None:
        """The ruled box around a point. Where a table has no outer rulings at its sides, the others end there."""
        left, right = _around(self.upright, x, y)
        bottom, top = _around(self.level, y, x)
        if bottom is None or top is None:
            return None
        x0 = left.at if left else max(bottom.start, top.start)
        x1 = right.at if right else min(bottom.end, top.end)
        return Box(x0, bottom.at, x1, top.at) if x0 < x < x1 else None

    def text_in(self, box: Box) -> str:
        """The characters whose middle lies in a box, line by line."""
        if box not in self._cells:
            self._cells[box] = "".join(word.text for word in words_of(self.chars_in(box), ()))
        return self._cells[box]

    def chars_in(self, box: Box) -> list[Char]:
        """The characters whose middle lies in a box, from the bottom up."""
        start, end = bisect_left(self._by_height, box.y0), bisect_right(self._by_height, box.y1)
        return [char for char in self.chars[start:end] if box.x0 <= char.box.x_mid <= box.x1]

    @cached_property
    def words(self) -> list[Word]:
        """All words of the page, top to bottom, left to right."""
        return words_of(self.chars, self.upright)


def _around(lines: Iterable[Line], place: float, along: float) -> tuple[Line | None, Line | None]:
    """The nearest lines before and behind a place that pass it."""
    before = None
    for line in lines:
        if line.start - 1 <= along <= line.end + 1:
            if line.at > place:
                return before, line
            before = line
    return before, None


def words_of(chars: Sequence[Char], upright: Sequence[Line]) -> list[Word]:
    """Characters (from the bottom up) as words by line; `upright` rulings part them."""
    lines: list[list[Char]] = []
    floor = size = 0.0
    for char in reversed(chars):
        if not lines or char.box.y_mid < floor:
            lines.append([])
            size = 0.0
        lines[-1].append(char)
        # A line is as high as its largest character: 一 and punctuation have little ink.
        if (own := max(char.box.width, char.box.height)) > size:
            floor, size = char.box.y_mid - 0.6 * own, own
    places = [rule.at for rule in upright]
    return [word for line in lines for word in _words(sorted(line, key=lambda char: char.box.x0), upright, places)]


def _words(line: Sequence[Char], upright: Sequence[Line], places: Sequence[float]) -> Iterable[Word]:
    size = max(char.box.height for char in line)
    run = [line[0]]
    for before, char in pairwise(line):
        y = char.box.y_mid
        between = upright[bisect_right(places, before.box.x_mid) : bisect_left(places, char.box.x_mid)]
        if char.box.x0 - before.box.x1 > _GAP * size or any(rule.start <= y <= rule.end for rule in between):
            yield _word(run)
            run = []
        run.append(char)
    yield _word(run)


def _word(run: Sequence[Char]) -> Word:
    box = run[0].box
    for char in run[1:]:
        box = box.union(char.box)
    return Word("".join(char.text for char in run), box)


def read_sheet(pdf: pdfium.PdfDocument, index: int) -> Sheet:
    """Page `index` (0-based) of an open PDF. Raises pypdfium2.PdfiumError when it cannot be loaded."""
    layout = read_layout(pdf, index, glyphs=False)
    upright = _joined((rule.x0, rule.y0, rule.y1) for rule in layout.vertical)
    level = _joined((rule.y0, rule.x0, rule.x1) for rule in layout.horizontal)
    sheet = Sheet(layout.width, layout.height, layout.rotation, layout.origin, [], upright, level)
    page = pdf[index]
    try:
        sheet.chars = [Char(text, sheet.shown(box)) for text, box in _characters(page)]
    finally:
        page.close()
    sheet.__post_init__()
    return sheet


@cache
def _printed(code: int) -> str:
    """What is seen of a character; '' for blanks and marks that print nothing."""
    char = unicodedata.normalize("NFKC", RADICALS.get(code) or chr(code))
    return "" if char.isspace() or not char.isprintable() else char


def _characters(page: pdfium.PdfPage) -> list[tuple[str, Box]]:
    """The ink of a page in user space; copies printed over each other (false bold) are one."""
    text = page.get_textpage()
    try:
        seen: dict[tuple[str, int, int], Box] = {}
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        where = [ctypes.byref(edge) for edge in (left, right, bottom, top)]
        for i in range(text.count_chars()):
            char = _printed(raw.FPDFText_GetUnicode(text, i))
            if not char or not raw.FPDFText_GetCharBox(text, i, *where):
                continue
            box = Box(left.value, bottom.value, right.value, top.value)
            seen.setdefault((char, round(box.x_mid), round(box.y_mid)), box)
        return [(char, box) for (char, _, _), box in seen.items()]
    finally:
        text.close()


def _joined(strokes: Iterable[tuple[float, float, float]]) -> list[Line]:
    """Strokes in line with each other that touch, as one; sorted by place."""
    lines: list[Line] = []
    near: list[Line] = []
    for at, start, end in sorted(strokes):
        if near and at - near[0].at > 1:
            lines += _chained(near)
            near = []
        near.append(Line(at, start, end))
    return lines + _chained(near)


def _chained(strokes: list[Line]) -> list[Line]:
    out: list[Line] = []
    for stroke in sorted(strokes, key=lambda line: line.start):
        if out and stroke.start - out[-1].end <= _TOUCHING:
            out[-1] = Line(out[-1].at, out[-1].start, max(out[-1].end, stroke.end))
        else:
            out.append(stroke)
    return sorted(out, key=lambda line: line.at)
