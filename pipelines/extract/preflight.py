"""Whether a file can be read at all, before anything is parsed. Never raises for a bad file."""

from __future__ import annotations

from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

MAX_PAGES = 2000
MAX_PAGE_POINTS = 14400
"""Longer sides than the PDF standard's limit are no printed page."""


class Refusal(NamedTuple):
    """Why a file is not read: a status of `extracted_document` and words for a person."""

    status: str
    reason: str


def open_pdf(content: bytes) -> pdfium.PdfDocument | Refusal:
    """Open a PDF, or say why not."""
    if not content:
        return Refusal("empty_file", "The file is empty (0 bytes). Fetch it again from its page.")
    if b"%PDF-" not in content[:1024]:
        what = (
            "an HTML page" if b"<html" in content[:4096].lower() or b"<!doctype" in content[:4096].lower() else "no PDF"
        )
        return Refusal("not_pdf", f"The file is {what} saved under a PDF's name. Fetch it again from its page.")
    try:
        pdf = pdfium.PdfDocument(content)
        count = len(pdf)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            return Refusal("encrypted", "The PDF needs a password. Ask its publisher for an open copy.")
        cut = "" if b"%%EOF" in content[-2048:] else " It ends before its end mark, as a broken download does."
        return Refusal("broken", f"The PDF cannot be opened.{cut} Fetch it again from its page.")
    if b"%%EOF" not in content[-65536:]:
        pdf.close()
        return Refusal("broken", "The PDF ends before its end mark, as a broken download does. Fetch it again.")
    if count == 0:
        pdf.close()
        return Refusal("broken", "The PDF has no pages.")
    if count > MAX_PAGES:
        pdf.close()
        return Refusal("over_limits", f"The PDF has {count} pages, more than the {MAX_PAGES} that are read.")
    return pdf
