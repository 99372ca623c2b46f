"""Reading figures a second time, by ways that share nothing with the first but the file: whose error is a wrong sum?

Two readers. `position` reads every figure: what stands in its place, the words above it and beside it, the sentences
before it. It costs about as much as reading the page did. `rendered` is stock camelot, which draws the page and finds
the grid in the picture; it takes half a second a page and is asked only about figures in doubt. Answers are kept by
sha256 and by what was asked. What follows from them is decided in `pipelines.warehouse.blame`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import msgspec
import pypdfium2 as pdfium

from pipelines.extract.reread.model import Doubt, Printed, Reader, Rereading
from pipelines.extract.reread.position import read_by_position
from pipelines.extract.reread.rendered import read_by_rendering
from pipelines.extract.reread.sheet import read_sheet
from pipelines.files import replacing

__all__ = ["REREADER", "Doubt", "Printed", "Reader", "Rereading", "read_again"]

REREADER = f"juesuan-reread-4+pdfium-{version('pypdfium2')}+camelot-{version('camelot-py')}"
"""Raise the number when a reader answers differently, or what is kept of a page changes."""


class _Answers(msgspec.Struct, frozen=True):
    """What was asked of the readers, as a digest, and what they said."""

    asked: str
    answers: list[Rereading]


def read_again(
    path: Path, sha256: str, figures: Sequence[Printed], doubted: frozenset[str], kept: Path
) -> list[Rereading]:
    """Read all `figures` of a document by position, and the `doubted` of them by rendering their pages too.

    `kept` is the folder of answers. Raises pypdfium2.PdfiumError when the file cannot be opened.
    """
    folder = kept / REREADER / sha256[:2]
    asked = hashlib.sha256(msgspec.msgpack.encode([figures, sorted(doubted)])).hexdigest()
    file = folder / f"{sha256}.msgpack"
    try:
        known = msgspec.msgpack.decode(file.read_bytes(), type=_Answers)
        if known.asked == asked:
            return known.answers
    except (FileNotFoundError, msgspec.DecodeError):
        pass
    content = path.read_bytes()
    with pdfium.PdfDocument(content) as pdf:
        answers = read_by_position(lru_cache(maxsize=None)(lambda number: read_sheet(pdf, number - 1)), figures)
        for number in sorted({figure.page for figure in figures if figure.figure_id in doubted}):
            here = [figure for figure in figures if figure.page == number and figure.table_no is not None]
            if any(figure.figure_id in doubted for figure in here):
                answers += read_by_rendering(pdf, content, number, here, doubted, folder / f"{sha256}-{number}.msgpack")
    with replacing(file) as part:
        part.write_bytes(msgspec.msgpack.encode(_Answers(asked, answers)))
    return answers
