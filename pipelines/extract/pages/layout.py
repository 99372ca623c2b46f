"""What pdfium says stands on a page: glyphs and ruled lines, in reading space.

Only this module talks to pdfium's text and path objects. It decides nothing about tables; see `grids`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import compress, islice, pairwise
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipelines.extract.pages import calls
from pipelines.extract.pages.model import Box

THIN = 1.5
"""A shape no thicker than this (points) is a ruled line."""
THICK = 4.0
"""Up to this a shape is one if it is ten times as long: the heavy outer rules of tables."""
TOUCHING = 0.25
"""Characters of one text object nearer than this share of their width were set as one word."""
MIN_RULE = 2.0
"""Shorter strokes (points) are ink, not rulings."""
MIN_DOTS = 8
DOT_GAP = 4.0
"""So many dots, none further from the next than this (points), make a dotted line."""


class Glyph(NamedTuple):
    """A printed character, its box, the height of its baseline, and the run of touching characters it was set in."""

    char: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    run: int = 0


class Rule(NamedTuple):
    """A horizontal or vertical ruled line."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class PageLayout:
    """The ink of one page in reading space."""

    number: int
    width: float
    height: float
    rotation: int
    origin: tuple[float, float]
    glyphs: list[Glyph]
    horizontal: list[Rule]
    vertical: list[Rule]
    shaded: list[Box]
    """Filled rectangles thicker than lines: the background of cells, rows or whole tables."""
    images: int
    unmapped: int
    """Glyphs whose font gives no character."""


Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _multiply(m: Matrix, n: Matrix) -> Matrix:
    """First m, then n (PDF's row vectors)."""
    a, b, c, d, e, f = m
    p, q, r, s, t, u = n
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _reading_matrix(rotation: int, box: Box) -> Matrix:
    """User space to reading space: undo the crop origin, apply /Rotate."""
    left, bottom, right, top = box
    if rotation == 90:
        return (0.0, -1.0, 1.0, 0.0, -bottom, right)
    if rotation == 180:
        return (-1.0, 0.0, 0.0, -1.0, right, top)
    if rotation == 270:
        return (0.0, 1.0, -1.0, 0.0, top, -left)
    return (1.0, 0.0, 0.0, 1.0, -left, -bottom)


def _radicals() -> dict[int, str]:
    """CJK radical code points, which some fonts map their glyphs to, with the ideograph that looks the same."""
    table = {c: unicodedata.normalize("NFKC", chr(c)) for c in range(0x2F00, 0x2FD6)}
    # The supplement block has no compatibility mapping; these are the simplified forms official fonts produce.
    supplement = (
        "⺠民⺟母⻁虎⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻥鱼"
        "⻦鸟⻧卤⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟⻣骨⻤鬼⻫斉⺳罒⺼肉⻊足⻌辶⻏阝"
    )
    table.update({ord(supplement[i]): supplement[i + 1] for i in range(0, len(supplement), 2)})
    return table


RADICALS = _radicals()
_SKIPPED = {0x00, 0x02, 0x0A, 0x0D, 0xFEFF, 0x200B, 0xAD}
_SPACE, _UNMAPPED = 0x20, "\ufffd"
_NUMERIC = frozenset("0123456789.,-%")


class _Characters(dict[int, str]):
    """What is printed for a code that pdfium gives; '' for a code that prints nothing. Fills itself."""

    def __missing__(self, code: int) -> str:
        char = RADICALS.get(code) or chr(code)
        self[code] = "" if code in _SKIPPED else _UNMAPPED if code in (0xFFFD, 0xFFFE, 0xFFFF) else char
        return self[code]


_CHARACTERS = _Characters()


def read_layout(pdf: pdfium.PdfDocument, index: int, *, glyphs: bool = True) -> PageLayout:
    """Read the glyphs and rulings of page `index` (0-based); without `glyphs` the rulings only, at half the cost.

    Raises:
        pypdfium2.PdfiumError: if the page cannot be loaded.
    """
    page = pdf[index]
    try:
        rotation = page.get_rotation()
        box = Box(*_normal(page.get_cropbox()))
        matrix = _reading_matrix(rotation, box)
        width, height = (box.height, box.width) if rotation in (90, 270) else (box.width, box.height)
        horizontal: list[Rule] = []
        vertical: list[Rule] = []
        shaded: list[Box] = []
        images = _walk(page.raw, matrix, horizontal, vertical, shaded)
        edges = sorted({rule.x0 for rule in vertical})
        found, unmapped = _glyphs(page, matrix, edges, width, height) if glyphs else ([], 0)
        return PageLayout(
            index + 1, width, height, rotation, (box.x0, box.y0), found, horizontal, vertical, shaded, images, unmapped
        )
    finally:
        page.close()


def _normal(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = box
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _glyphs(
    page: pdfium.PdfPage, matrix: Matrix, edges: list[float], width: float, height: float
) -> tuple[list[Glyph], int]:
    """Characters with their loose boxes; generated ones and copies printed twice (false bold) left out."""
    text = page.get_textpage()
    try:
        handle = calls.address(text.raw)
        codes, boxes, origins, placed = calls.characters(handle)
        a, b, c, d, e, f = matrix
        left, top, right, bottom = boxes.T
        one_x, other_x = left * a + bottom * c + e, right * a + top * c + e
        one_y, other_y = left * b + bottom * d + f, right * b + top * d + f
        x0, x1 = np.minimum(one_x, other_x), np.maximum(one_x, other_x)
        y0, y1 = np.minimum(one_y, other_y), np.maximum(one_y, other_y)
        base = origins[:, 0] * b + origins[:, 1] * d + f
        chars = [_CHARACTERS[code] for code in codes]
        for i, code in enumerate(codes):
            if code == _SPACE and calls.is_generated(handle, i):
                chars[i] = ""
        kept = [i for i, char in enumerate(chars) if char and placed[i]]
        unmapped = sum(chars[i] == _UNMAPPED for i in kept) if _UNMAPPED in chars else 0
        # Two copies of one character less than a point apart are one printed character.
        keys = list(zip(codes, np.rint(x0).tolist(), np.rint(y0).tolist(), strict=True))
        ink = [keys[i] for i in kept if codes[i] != _SPACE]
        if len(set(ink)) < len(ink):
            kept = _first_copies(kept, keys, chars)
        x0, x1, y0, y1, base = x0[kept], x1[kept], y0[kept], y1[kept], base[kept]
        touching = (np.abs(x0[1:] - x1[:-1]) <= TOUCHING * (x1 - x0)[1:]) & (np.abs(np.diff(base)) <= 0.5)
        # Where a ruling passes between them, or a word meets a number (a label that runs into the amount beside it),
        # touching characters are one word only if they were set together.
        ruled = np.diff(np.searchsorted(edges, (x0 + x1) / 2, side="right")) != 0
        meeting = np.diff(np.array([chars[i] in _NUMERIC for i in kept], dtype=np.int8)) != 0
        for i in np.flatnonzero(touching & (ruled | meeting)).tolist():
            touching[i] = calls.text_object(handle, kept[i]) == calls.text_object(handle, kept[i + 1])
        runs = [0, *np.cumsum(~touching).tolist()]
        # Some producers leave text beyond the page's edge; nobody sees it, so it is not printed.
        seen = (x0 + x1 >= 0) & (x0 + x1 <= 2 * width) & (y0 + y1 >= 0) & (y0 + y1 <= 2 * height)
        columns = (column.tolist() for column in (x0, y0, x1, y1, base))
        glyphs = map(Glyph._make, zip([chars[i] for i in kept], *columns, runs, strict=False))
        return list(compress(glyphs, seen.tolist())), unmapped
    finally:
        text.close()


def _first_copies(kept: list[int], keys: list[tuple[int, float, float]], chars: list[str]) -> list[int]:
    first: dict[tuple[int, float, float], int] = {}
    return [i for i in kept if chars[i].isspace() or first.setdefault(keys[i], i) == i]


def _walk(page: Any, matrix: Matrix, horizontal: list[Rule], vertical: list[Rule], shaded: list[Box]) -> int:
    """Collect the ruled lines and shaded areas of all path objects, forms included; return the number of images."""
    paths: list[tuple[int, Matrix]] = []
    images = _gather(calls.objects(calls.address(page)), matrix, paths, 0)
    dots: list[Box] = []
    _rules(paths, _Drawn(horizontal, vertical, shaded, dots))
    if len(dots) >= MIN_DOTS:
        horizontal += [Rule(a, y, b, y) for y, a, b in _dotted((d.y_mid, d.x0, d.x1) for d in dots)]
        vertical += [Rule(x, a, x, b) for x, a, b in _dotted((d.x_mid, d.y0, d.y1) for d in dots)]
    return images


def _dotted(dots: Iterable[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """The lines that dots make: where they stand across, from where to where they run. `dots` are given likewise."""
    lines: list[tuple[float, float, float]] = []
    places: dict[int, list[tuple[float, float, float]]] = {}
    for dot in dots:
        places.setdefault(round(2 * dot[0]), []).append(dot)
    for row in places.values():
        row.sort(key=itemgetter(1))
        start = 0
        for i in range(1, len(row) + 1):
            if i == len(row) or row[i][1] - row[i - 1][2] > DOT_GAP:
                if i - start >= MIN_DOTS:
                    lines.append((row[start][0], row[start][1], row[i - 1][2]))
                start = i
    return lines


class _Drawn(NamedTuple):
    """Where what paths draw is collected."""

    horizontal: list[Rule]
    vertical: list[Rule]
    shaded: list[Box]
    dots: list[Box]


def _gather(objects: Iterable[tuple[int, int]], matrix: Matrix, paths: list[tuple[int, Matrix]], depth: int) -> int:
    """Add the path objects to `paths`, each with the matrix it stands under; return the number of images."""
    images = 0
    for handle, kind in objects:
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            continue
        if kind == raw.FPDF_PAGEOBJ_PATH:
            paths.append((handle, matrix))
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            images += 1
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < 8:
            under = _multiply(calls.matrix_of(handle) or IDENTITY, matrix)
            images += _gather(calls.inner_objects(handle), under, paths, depth + 1)
    return images


def _rules(paths: Iterable[tuple[int, Matrix]], out: _Drawn) -> None:
    """Turn stroked segments, stroked rectangle edges and thin filled shapes into rules."""
    segments: list[int] = []
    drawn: list[tuple[int, bool, Matrix]] = []
    for path, matrix in paths:
        fill, stroke = calls.draw_mode(path)
        if fill or stroke:
            before = len(segments)
            segments += calls.segments(path)
            drawn.append((len(segments) - before, stroke, _multiply(calls.matrix_of(path) or IDENTITY, matrix)))
    points = calls.points(segments)
    for count, stroke, (a, b, c, d, e, f) in drawn:
        subpath: list[tuple[float, float]] = []
        for kind, closes, x, y in islice(points, count):
            point = (x * a + y * c + e, x * b + y * d + f)
            if kind == raw.FPDF_SEGMENT_LINETO:
                subpath.append(point)
                if closes and subpath[0] != point:
                    subpath.append(subpath[0])
                continue
            _subpath(subpath, stroke, out)
            subpath = [point] if kind == raw.FPDF_SEGMENT_MOVETO else []  # curves are no rulings
        _subpath(subpath, stroke, out)


def _subpath(points: list[tuple[float, float]], stroke: bool, out: _Drawn) -> None:
    if len(points) < 2:
        return
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    # A thin shape is one line, however it is drawn.
    if y1 - y0 <= THIN or 10 * (y1 - y0) <= min(10 * THICK, x1 - x0):
        if x1 - x0 >= MIN_RULE:
            out.horizontal.append(Rule(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
        elif y1 - y0 <= THIN:
            out.dots.append(Box(x0, y0, x1, y1))
        return
    if x1 - x0 <= THIN or 10 * (x1 - x0) <= min(10 * THICK, y1 - y0):
        if y1 - y0 >= MIN_RULE:
            out.vertical.append(Rule((x0 + x1) / 2, y0, (x0 + x1) / 2, y1))
        return
    if not stroke:
        if len(points) in (4, 5) and all(x in (x0, x1) and y in (y0, y1) for x, y in points):
            out.shaded.append(Box(x0, y0, x1, y1))
        return
    for (ax, ay), (bx, by) in pairwise(points):
        if abs(ay - by) <= 0.5 and abs(ax - bx) >= MIN_RULE:
            out.horizontal.append(Rule(min(ax, bx), (ay + by) / 2, max(ax, bx), (ay + by) / 2))
        elif abs(ax - bx) <= 0.5 and abs(ay - by) >= MIN_RULE:
            out.vertical.append(Rule((ax + bx) / 2, min(ay, by), (ax + bx) / 2, max(ay, by)))
