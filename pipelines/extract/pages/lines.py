"""Glyphs to visual lines: bands by baseline, then left to right.

pdfium's own order follows the content stream, which in real documents jumps; position is what a reader sees.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

from pipelines.extract.pages.layout import Glyph
from pipelines.extract.pages.model import TextLine

_LEFT, _BASE = itemgetter(1), itemgetter(5)

SPACE_GAP = 0.45
"""A gap wider than this share of the font height separates words."""


SAME_LINE = 0.35
"""Baselines nearer than this share of the character size are one line: superscripts stay, the next line does not."""


def text_lines(glyphs: Iterable[Glyph]) -> list[TextLine]:
    """Group glyphs into lines, top to bottom, each left to right. Blank lines are left out."""
    return [line for band in _bands(glyphs) if (line := _line(band)) is not None]


def text_words(glyphs: Iterable[Glyph]) -> list[TextLine]:
    """The words of the lines, each with its own height: words of one line may be set a little higher or lower."""
    words: list[TextLine] = []
    for band in _bands(glyphs):
        word: list[Glyph] = []
        for glyph in sorted(band, key=_LEFT):
            gap = glyph.x0 - word[-1].x1 if word else 0.0
            apart = gap > SPACE_GAP * (glyph.y1 - glyph.y0)
            raised = gap > 1.0 and abs(glyph.base - word[-1].base) > 0.5
            if word and (apart or raised or glyph.char.isspace()):
                words += [line] if (line := _line(word)) is not None else []
                word = []
            if not glyph.char.isspace():
                word.append(glyph)
        words += [line] if (line := _line(word)) is not None else []
    return words


def _bands(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    bands: list[list[Glyph]] = []
    band: list[Glyph] = []
    floor = float("inf")
    for glyph in sorted(glyphs, key=_BASE, reverse=True):
        if band and glyph[5] >= floor:
            band.append(glyph)
        else:
            band = [glyph]
            bands.append(band)
            # Some fonts give flat boxes for punctuation, others tall ones for digits: the larger side is the size.
            _, x0, y0, x1, y1, base, _ = glyph
            floor = base - SAME_LINE * max(y1 - y0, x1 - x0)
    return bands


def _line(band: list[Glyph]) -> TextLine | None:
    ink = [g for g in band if not g[0].isspace()]
    if not ink:
        return None
    blanks = sorted([g[1] for g in band if g[0].isspace()]) if len(ink) < len(band) else []
    ink.sort(key=_LEFT)
    chars, lefts, bottoms, rights, tops, _, _ = zip(*ink, strict=True)
    joined = "".join(chars)
    follows = zip(lefts[1:], rights, bottoms[1:], tops[1:], strict=False)
    gaps = [x0 - before > SPACE_GAP * (y1 - y0) for x0, before, y0, y1 in follows]
    if not blanks and True not in gaps and len(joined) == len(ink):
        # Most lines: nothing but characters that follow each other closely.
        return TextLine(joined, list(lefts), list(rights), min(bottoms), max(tops))
    text: list[str] = []
    x0s: list[float] = []
    x1s: list[float] = []
    last_x0 = last_x1 = float("inf")
    at = 0
    for char, x0, y0, x1, y1, _, _ in ink:
        spaced = False
        if text:
            while at < len(blanks) and blanks[at] < x0 + 0.1:
                spaced = spaced or blanks[at] >= last_x0
                at += 1
        if spaced or x0 - last_x1 > SPACE_GAP * (y1 - y0):
            text.append(" ")
            x0s.append(last_x1)
            x1s.append(max(last_x1, x0))
        text.append(char)
        x0s.append(x0)
        x1s.append(x1)
        # One code point may become two characters (ligatures): keep one box each.
        for _more in char[1:]:
            x0s.append(x0)
            x1s.append(x1)
        last_x0, last_x1 = x0, x1
    return TextLine("".join(text), x0s, x1s, min(bottoms), max(tops))
