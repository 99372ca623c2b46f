"""Glyphs to visual lines: bands by baseline, then left to right.

pdfium's own order follows the content stream, which in real documents jumps; position is what a reader sees.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.extract.layout import Glyph
from pipelines.extract.page import TextLine

SPACE_GAP = 0.45
"""A gap wider than this share of the font height separates words."""


SAME_LINE = 0.35
"""Baselines nearer than this share of the character size are one line: superscripts stay, the next line does not."""


def text_lines(glyphs: Iterable[Glyph]) -> list[TextLine]:
    """Group glyphs into lines, top to bottom, each left to right. Blank lines are left out."""
    bands: list[list[Glyph]] = []
    base = reach = 0.0
    for glyph in sorted(glyphs, key=lambda g: -g.base):
        if bands and base - glyph.base <= reach:
            bands[-1].append(glyph)
        else:
            bands.append([glyph])
            # Some fonts give flat boxes for punctuation, others tall ones for digits: the larger side is the size.
            base, reach = glyph.base, SAME_LINE * max(glyph.y1 - glyph.y0, glyph.x1 - glyph.x0)
    return [line for band in bands if (line := _line(band)) is not None]


def _line(band: list[Glyph]) -> TextLine | None:
    ink = sorted((g for g in band if not g.char.isspace()), key=lambda g: g.x0)
    if not ink:
        return None
    blanks = sorted(g.x0 for g in band if g.char.isspace())
    text: list[str] = []
    x0s: list[float] = []
    x1s: list[float] = []
    last: Glyph | None = None
    at = 0
    for glyph in ink:
        if last is not None:
            spaced = False
            while at < len(blanks) and blanks[at] < glyph.x0 + 0.1:
                spaced = spaced or blanks[at] >= last.x0
                at += 1
            if spaced or glyph.x0 - last.x1 > SPACE_GAP * (glyph.y1 - glyph.y0):
                text.append(" ")
                x0s.append(last.x1)
                x1s.append(max(last.x1, glyph.x0))
        text.append(glyph.char)
        # One code point may become two characters (ligatures): keep one box each.
        for _ in glyph.char:
            x0s.append(glyph.x0)
            x1s.append(glyph.x1)
        last = glyph
    return TextLine("".join(text), x0s, x1s, min(g.y0 for g in ink), max(g.y1 for g in ink))
