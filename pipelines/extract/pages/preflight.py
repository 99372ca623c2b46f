"""Whether a file can be read at all, before any page is parsed. Never raises for a bad file.

What is refused and why is the policy in `docs/policies.md`. Limits on the time and memory of reading are not kept
here but by the worker that reads; see `workers`.
"""

from __future__ import annotations

from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

MAX_BYTES = 512 * 1024**2
"""The longest real documents, full of scanned images, stay below a tenth of this."""
MAX_PAGES = 2000
MAX_PAGE_POINTS = 14400
"""Longer sides than the PDF standard's limit are no printed page."""
_COPYING = 1 << 4
"""The permission to copy text out: bit 5 of the standard security handler."""


class Refusal(NamedTuple):
    """Why a file is not read: a status of `extracted_document` and words for a person."""

    status: str
    reason: str


def open_pdf(content: bytes) -> pdfium.PdfDocument | Refusal:
    """Open a PDF, or say why not."""
    refusal = _no_pdf(content)
    if refusal is not None:
        return refusal
    try:
        pdf = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        return _unopened(error, content)
    refusal = _cut_short(content) or _over_limits(pdf)
    if refusal is not None:
        pdf.close()
        return refusal
    return pdf


def forbids_extraction(pdf: pdfium.PdfDocument) -> bool:
    """Whether the publisher opened the file to readers but marked its text as not to be copied."""
    return raw.FPDF_GetSecurityHandlerRevision(pdf) != -1 and not raw.FPDF_GetDocPermissions(pdf) & _COPYING


def _no_pdf(content: bytes) -> Refusal | None:
    if not content:
        return Refusal("empty_file", "The file is empty (0 bytes). Fetch it again from its page.")
    if b"%PDF-" not in content[:1024]:
        start = content[:4096].lower()
        what = "an HTML page" if b"<html" in start or b"<!doctype" in start else "no PDF"
        return Refusal("not_pdf", f"The file is {what} saved under a PDF's name. Fetch it again from its page.")
    if len(content) > MAX_BYTES:
        return Refusal(
            "over_limits", f"The file has {len(content) >> 20} MB, more than the {MAX_BYTES >> 20} that are read."
        )
    return None


def _unopened(error: pdfium.PdfiumError, content: bytes) -> Refusal:
    code = getattr(error, "err_code", None)
    if code == raw.FPDF_ERR_PASSWORD:
        return Refusal("encrypted", "The PDF needs a password. Ask its publisher for an open copy.")
    if code == raw.FPDF_ERR_SECURITY:
        return Refusal("encrypted", "The PDF is locked in a way that is not known. Ask its publisher for an open copy.")
    cut = "" if b"%%EOF" in content[-2048:] else " It ends before its end mark, as a broken download does."
    return Refusal("broken", f"The PDF cannot be opened.{cut} Fetch it again from its page.")


def _cut_short(content: bytes) -> Refusal | None:
    """Half a file can open too, with a part of its pages; publishers append some bytes after the mark, not many."""
    if b"%%EOF" in content[-65536:]:
        return None
    return Refusal("broken", "The PDF ends before its end mark, as a broken download does. Fetch it again.")


def _over_limits(pdf: pdfium.PdfDocument) -> Refusal | None:
    pages = len(pdf)
    if pages == 0:
        return Refusal("broken", "The PDF has no pages.")
    if pages > MAX_PAGES:
        return Refusal("over_limits", f"The PDF has {pages} pages, more than the {MAX_PAGES} that are read.")
    for number in range(1, pages + 1):
        try:
            side = max(pdf.get_page_size(number - 1))
        except pdfium.PdfiumError:
            return Refusal("broken", f"Page {number} of the PDF cannot be found in it. Fetch it again from its page.")
        if side > MAX_PAGE_POINTS:
            return Refusal(
                "over_limits",
                f"Page {number} is {side:.0f} points long, more than the {MAX_PAGE_POINTS} a PDF may have.",
            )
    return None
