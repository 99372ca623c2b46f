"""What pdfium says stands on a page: glyphs and ruled lines, in reading space.

Only this module talks to pdfium's text and path objects. It decides nothing about tables; see `grids`.
"""

from __future__ import annotations

import ctypes
import unicodedata
from bisect import bisect
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipelines.extract.page import Box

THIN = 1.5
"""A filled shape no thicker than this (points) is a ruled line."""
TOUCHING = 0.25
"""Characters of one text object nearer than this share of their width were set as one word."""
MIN_RULE = 2.0
"""Shorter strokes (points) are ink, not rulings."""


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


def read_layout(pdf: pdfium.PdfDocument, index: int) -> PageLayout:
    """Read the glyphs and rulings of page `index` (0-based).

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
        images = _walk(page.raw, matrix, horizontal, vertical)
        glyphs, unmapped = _glyphs(page, matrix, sorted({rule.x0 for rule in vertical}))
        # Some producers leave text beyond the page's edge; nobody sees it, so it is not printed.
        glyphs = [g for g in glyphs if 0 <= g.x0 + g.x1 <= 2 * width and 0 <= g.y0 + g.y1 <= 2 * height]
        return PageLayout(
            index + 1, width, height, rotation, (box.x0, box.y0), glyphs, horizontal, vertical, images, unmapped
        )
    finally:
        page.close()


def _normal(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = box
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _same_object(text: Any, index: int, other: int) -> bool:
    """Whether two characters of a page were set by one text object."""
    first, second = (ctypes.cast(raw.FPDFText_GetTextObject(text, i), ctypes.c_void_p).value for i in (index, other))
    return first == second


def _glyphs(page: pdfium.PdfPage, matrix: Matrix, edges: list[float]) -> tuple[list[Glyph], int]:
    """Characters with their loose boxes; generated ones and copies printed twice (false bold) left out."""
    text = page.get_textpage()
    try:
        handle = text.raw
        count = raw.FPDFText_CountChars(handle)
        rect = raw.FS_RECTF()
        pointer = ctypes.byref(rect)
        origin_x, origin_y = ctypes.c_double(), ctypes.c_double()
        px, py = ctypes.byref(origin_x), ctypes.byref(origin_y)
        a, b, c, d, e, f = matrix
        upright = b == 0.0 and a > 0
        glyphs: list[Glyph] = []
        run, last_middle, last_index = 0, 0, 0
        last: Glyph | None = None
        seen: set[tuple[int, int, int]] = set()
        unmapped = 0
        is_generated, get_unicode = raw.FPDFText_IsGenerated, raw.FPDFText_GetUnicode
        get_box, get_origin = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetCharOrigin
        for i in range(count):
            code = get_unicode(handle, i)
            if code in _SKIPPED or is_generated(handle, i) == 1:
                continue
            if not get_box(handle, i, pointer) or not get_origin(handle, i, px, py):
                continue
            if code in (0xFFFE, 0xFFFF, 0xFFFD):
                unmapped += 1
                code = 0xFFFD
            char = RADICALS.get(code) or chr(code)
            if upright:
                x0, y0, x1, y1 = rect.left + e, rect.bottom + f, rect.right + e, rect.top + f
            else:
                x0 = rect.left * a + rect.bottom * c + e
                x1 = rect.right * a + rect.top * c + e
                y0 = rect.left * b + rect.bottom * d + f
                y1 = rect.right * b + rect.top * d + f
                x0, y0, x1, y1 = _normal((x0, y0, x1, y1))
            if not char.isspace():
                # Two copies of one character less than a point apart are one printed character.
                key = (code, round(x0), round(y0))
                if key in seen:
                    continue
                seen.add(key)
            base = origin_x.value * b + origin_y.value * d + f
            touching = last is not None and abs(x0 - last.x1) <= TOUCHING * (x1 - x0) and abs(base - last.base) <= 0.5
            # Where a ruling passes between them, touching characters are one word only if they were set together.
            middle = bisect(edges, (x0 + x1) / 2)
            if not touching or (middle != last_middle and not _same_object(handle, last_index, i)):
                run += 1
            last, last_middle, last_index = Glyph(char, x0, y0, x1, y1, base, run), middle, i
            glyphs.append(last)
        return glyphs, unmapped
    finally:
        text.close()


def _walk(page: Any, matrix: Matrix, horizontal: list[Rule], vertical: list[Rule]) -> int:
    """Collect the ruled lines of all path objects, forms included; return the number of images."""
    images = 0
    for i in range(raw.FPDFPage_CountObjects(page)):
        images += _object(raw.FPDFPage_GetObject(page, i), matrix, horizontal, vertical, 0)
    return images


def _object(obj: Any, matrix: Matrix, horizontal: list[Rule], vertical: list[Rule], depth: int) -> int:
    kind = raw.FPDFPageObj_GetType(obj)
    if kind == raw.FPDF_PAGEOBJ_PATH:
        _path(obj, matrix, horizontal, vertical)
    elif kind == raw.FPDF_PAGEOBJ_IMAGE:
        return 1
    elif kind == raw.FPDF_PAGEOBJ_FORM and depth < 8:
        inner = _multiply(_matrix_of(obj), matrix)
        return sum(
            _object(raw.FPDFFormObj_GetObject(obj, j), inner, horizontal, vertical, depth + 1)
            for j in range(raw.FPDFFormObj_CountObjects(obj))
        )
    return 0


def _matrix_of(obj: Any) -> Matrix:
    m = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(obj, ctypes.byref(m)):
        return IDENTITY
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def _path(obj: Any, matrix: Matrix, horizontal: list[Rule], vertical: list[Rule]) -> None:
    """Turn stroked segments, stroked rectangle edges and thin filled shapes into rules."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(obj, ctypes.byref(fill), ctypes.byref(stroke))
    if not fill.value and not stroke.value:
        return
    a, b, c, d, e, f = _multiply(_matrix_of(obj), matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    px, py = ctypes.byref(x), ctypes.byref(y)
    subpath: list[tuple[float, float]] = []
    for i in range(raw.FPDFPath_CountSegments(obj)):
        segment = raw.FPDFPath_GetPathSegment(obj, i)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, px, py)
        point = (x.value * a + y.value * c + e, x.value * b + y.value * d + f)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            _subpath(subpath, stroke.value, horizontal, vertical)
            subpath = [point]
        elif kind == raw.FPDF_SEGMENT_LINETO:
            subpath.append(point)
            if raw.FPDFPathSegment_GetClose(segment) and subpath[0] != point:
                subpath.append(subpath[0])
        else:  # curves are no rulings
            _subpath(subpath, stroke.value, horizontal, vertical)
            subpath = []
    _subpath(subpath, stroke.value, horizontal, vertical)


def _subpath(points: list[tuple[float, float]], stroke: int, horizontal: list[Rule], vertical: list[Rule]) -> None:
    if len(points) < 2:
        return
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    # A thin shape is one line, however it is drawn.
    if y1 - y0 <= THIN:
        if x1 - x0 >= MIN_RULE:
            horizontal.append(Rule(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
        return
    if x1 - x0 <= THIN:
        if y1 - y0 >= MIN_RULE:
            vertical.append(Rule((x0 + x1) / 2, y0, (x0 + x1) / 2, y1))
        return
    if not stroke:
        return
    for (ax, ay), (bx, by) in pairwise(points):
        if abs(ay - by) <= 0.5 and abs(ax - bx) >= MIN_RULE:
            horizontal.append(Rule(min(ax, bx), (ay + by) / 2, max(ax, bx), (ay + by) / 2))
        elif abs(ax - bx) <= 0.5 and abs(ay - by) >= MIN_RULE:
            vertical.append(Rule((ax + bx) / 2, min(ay, by), (ax + bx) / 2, max(ay, by)))
