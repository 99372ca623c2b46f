"""What is measured: ways to read one document from its file to what they give, each as its users call it.

`pdfium_pass` is the reference for "the speed of pdfium": no reader of text and ruled lines can ask pdfium for less.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from camelot.io import read_pdf

from pipelines.collect.links import NO_LINK
from pipelines.extract.document import read_document
from pipelines.extract.pages.grids import find_grids
from pipelines.extract.pages.layout import read_layout

Engine = Callable[[Path], None]


def stock(path: Path) -> None:
    """Camelot's tables of all pages, with its default options."""
    read_pdf(str(path), pages="all", flavor="lattice", suppress_stdout=True)


def stock_vector(path: Path) -> None:
    """Camelot's tables of all pages from the PDF's own lines instead of a rendered image."""
    read_pdf(str(path), pages="all", flavor="lattice", engine="vector", suppress_stdout=True)


def grids_and_cells(path: Path) -> None:
    """Our grids and cells of all pages, without the check by stock camelot where a page needs one."""
    with pdfium.PdfDocument(path) as pdf:
        for index in range(len(pdf)):
            find_grids(read_layout(pdf, index))


def whole_extraction(path: Path) -> None:
    """Our whole extraction, from bytes to figures, nothing cached; pages that need stock camelot included."""
    read_document(path, "0" * 64, NO_LINK, None)


def pdfium_pass(path: Path) -> None:
    """Ask pdfium every question our reader asks, of every character and path object; do nothing with the answers."""
    with pdfium.PdfDocument(path) as pdf:
        for index in range(len(pdf)):
            page = pdf[index]
            _ask_for_text(page)
            for i in range(raw.FPDFPage_CountObjects(page.raw)):
                _ask_for_paths(raw.FPDFPage_GetObject(page.raw, i))
            page.close()


def _ask_for_text(page: pdfium.PdfPage) -> None:
    """Code, box, baseline, and whether the character is pdfium's own."""
    text = page.get_textpage()
    handle, box = text.raw, raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    pointer, px, py = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y)
    for i in range(raw.FPDFText_CountChars(handle)):
        raw.FPDFText_GetUnicode(handle, i)
        raw.FPDFText_IsGenerated(handle, i)
        raw.FPDFText_GetLooseCharBox(handle, i, pointer)
        raw.FPDFText_GetCharOrigin(handle, i, px, py)
    text.close()


def _ask_for_paths(obj: Any) -> None:
    """Kind, matrix, how it is drawn, and of each segment the kind, the point and whether it closes."""
    kind = raw.FPDFPageObj_GetType(obj)
    if kind == raw.FPDF_PAGEOBJ_FORM:
        for i in range(raw.FPDFFormObj_CountObjects(obj)):
            _ask_for_paths(raw.FPDFFormObj_GetObject(obj, i))
    elif kind == raw.FPDF_PAGEOBJ_PATH:
        matrix, fill, stroke = raw.FS_MATRIX(), ctypes.c_int(), ctypes.c_int()
        raw.FPDFPageObj_GetMatrix(obj, ctypes.byref(matrix))
        raw.FPDFPath_GetDrawMode(obj, ctypes.byref(fill), ctypes.byref(stroke))
        x, y = ctypes.c_float(), ctypes.c_float()
        px, py = ctypes.byref(x), ctypes.byref(y)
        for i in range(raw.FPDFPath_CountSegments(obj)):
            segment = raw.FPDFPath_GetPathSegment(obj, i)
            raw.FPDFPathSegment_GetType(segment)
            raw.FPDFPathSegment_GetPoint(segment, px, py)
            raw.FPDFPathSegment_GetClose(segment)


ENGINES: dict[str, Engine] = {
    "stock camelot, lattice": stock,
    "stock camelot, engine='vector'": stock_vector,
    "juesuan, grids and cells": grids_and_cells,
    "pdfium's own pass": pdfium_pass,
    "juesuan, whole extraction": whole_extraction,
}
