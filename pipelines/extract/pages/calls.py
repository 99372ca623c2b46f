"""pdfium asked about all characters, objects or segments at once.

pdfium answers one question about one thing per call, a thousand calls a page. Here the loop over them is `map`'s, not
the interpreter's, and prototypes of our own take plain addresses, so that a call costs little more than its answer.
What the answers mean is `layout`'s business.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import count, repeat
from typing import Any, NamedTuple

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Six = tuple[float, float, float, float, float, float]


def address(pointer: Any) -> int:
    """The address a ctypes pointer or function holds."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def _function(function: Any, result: Any, *arguments: Any) -> Callable[..., int]:
    # PYFUNCTYPE keeps the interpreter's lock: these calls are too short to be worth letting go of it.
    return ctypes.PYFUNCTYPE(result, *arguments)(address(function))


_INT, _ADDRESS = ctypes.c_int, ctypes.c_void_p
_unicode = _function(raw.FPDFText_GetUnicode, ctypes.c_uint, _ADDRESS, _INT)
_box = _function(raw.FPDFText_GetLooseCharBox, _INT, _ADDRESS, _INT, _ADDRESS)
_origin = _function(raw.FPDFText_GetCharOrigin, _INT, _ADDRESS, _INT, _ADDRESS, _ADDRESS)
_generated = _function(raw.FPDFText_IsGenerated, _INT, _ADDRESS, _INT)
_text_object = _function(raw.FPDFText_GetTextObject, _ADDRESS, _ADDRESS, _INT)
_count_objects = _function(raw.FPDFPage_CountObjects, _INT, _ADDRESS)
_object = _function(raw.FPDFPage_GetObject, _ADDRESS, _ADDRESS, _INT)
_count_inner = _function(raw.FPDFFormObj_CountObjects, _INT, _ADDRESS)
_inner = _function(raw.FPDFFormObj_GetObject, _ADDRESS, _ADDRESS, _INT)
_type = _function(raw.FPDFPageObj_GetType, _INT, _ADDRESS)
_matrix = _function(raw.FPDFPageObj_GetMatrix, _INT, _ADDRESS, _ADDRESS)
_draw_mode = _function(raw.FPDFPath_GetDrawMode, _INT, _ADDRESS, _ADDRESS, _ADDRESS)
_count_segments = _function(raw.FPDFPath_CountSegments, _INT, _ADDRESS)
_segment = _function(raw.FPDFPath_GetPathSegment, _ADDRESS, _ADDRESS, _INT)
_point = _function(raw.FPDFPathSegment_GetPoint, _INT, _ADDRESS, _ADDRESS, _ADDRESS)
_kind = _function(raw.FPDFPathSegment_GetType, _INT, _ADDRESS)
_close = _function(raw.FPDFPathSegment_GetClose, _INT, _ADDRESS)


class Characters(NamedTuple):
    """All characters of a page in pdfium's order; the arrays have one row each, in user space."""

    codes: list[int]
    boxes: Floats
    """Loose boxes: left, top, right, bottom."""
    origins: Floats
    placed: list[bool]
    """Whether the character has a box and an origin at all."""


def characters(text: int) -> Characters:
    """Every character of the text page at address `text`."""
    size = max(0, raw.FPDFText_CountChars(ctypes.cast(text, raw.FPDF_TEXTPAGE)))
    boxes, origins = np.zeros((size, 4), np.float32), np.zeros((size, 2))
    at_box, at_origin = boxes.ctypes.data, origins.ctypes.data
    codes = list(map(_unicode, repeat(text), range(size)))
    boxed = map(_box, repeat(text), range(size), count(at_box, 16))
    found = map(_origin, repeat(text), range(size), count(at_origin, 16), count(at_origin + 8, 16))
    placed = [b == 1 == o for b, o in zip(boxed, found, strict=True)]  # asks, and so fills the arrays
    return Characters(codes, boxes.astype(np.float64), origins, placed)


def is_generated(text: int, index: int) -> bool:
    """Whether pdfium made the character up to separate words; only spaces and line ends are."""
    return _generated(text, index) == 1


def text_object(text: int, index: int) -> int:
    """The address of the text object that set a character."""
    return _text_object(text, index)


def objects(page: int) -> Iterator[tuple[int, int]]:
    """Address and type of each object of the page at address `page`."""
    handles = list(map(_object, repeat(page), range(_count_objects(page))))
    return zip(handles, map(_type, handles), strict=True)


def inner_objects(form: int) -> Iterator[tuple[int, int]]:
    """Address and type of each object of a form object."""
    handles = list(map(_inner, repeat(form), range(_count_inner(form))))
    return zip(handles, map(_type, handles), strict=True)


def matrix_of(handle: int) -> Six | None:
    """The matrix of a page object, None where it has none."""
    m = raw.FS_MATRIX()
    return (m.a, m.b, m.c, m.d, m.e, m.f) if _matrix(handle, ctypes.addressof(m)) else None


def draw_mode(path: int) -> tuple[bool, bool]:
    """Whether a path is filled, and whether it is stroked."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    _draw_mode(path, ctypes.addressof(fill), ctypes.addressof(stroke))
    return bool(fill.value), bool(stroke.value)


def segments(path: int) -> list[int]:
    """The addresses of the segments of a path."""
    return list(map(_segment, repeat(path), range(_count_segments(path))))


def points(segments: Sequence[int]) -> Iterator[tuple[int, int, float, float]]:
    """Kind, whether it closes its subpath, x and y of each segment."""
    xy = np.zeros((len(segments), 2), np.float32)
    deque(map(_point, segments, count(xy.ctypes.data, 8), count(xy.ctypes.data + 4, 8)), maxlen=0)
    xs, ys = xy.T.tolist()
    return zip(map(_kind, segments), map(_close, segments), xs, ys, strict=True)
