"""Bad files become outcomes, and reading twice gives the same figures."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipelines.extract.document import read_document
from pipelines.extract.metadata import LinkFacts
from pipelines.extract.pages.cache import PageCache

SHA = "0" * 64
ROOT = Path(__file__).resolve().parents[3]


def a_pdf(password: str | None = None, text: str = "Annual notice") -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=password, invariant=True)
    if text:
        canvas.drawString(72, 720, text)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"", "empty_file", "empty"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "not_pdf", "HTML"),
        (b"\x00\x01 garbage", "not_pdf", "no PDF"),
        (a_pdf()[:400], "broken", "end mark"),
        (a_pdf(password="secret"), "encrypted", "password"),
        (a_pdf(), "unrelated", "no budget or final account"),
        (a_pdf(text=""), "no_figures", "blank"),
    ],
)
def test_a_bad_file_is_an_outcome_with_a_reason(tmp_path: Path, content: bytes, status: str, words: str) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    reading = read_document(path, SHA, LinkFacts())
    assert reading.document["status"] == status
    assert words in reading.document["reason"]
    assert not reading.figures


def test_titles_without_a_number_are_no_account(tmp_path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(tmp_path / "x.pdf"), invariant=True)
    canvas.setFont("STSong-Light", 16)
    for y, title in ((700, "某市财政局2024年度部门决算"), (600, "第二部分 某市财政局2024年度部门决算表")):
        canvas.drawString(100, y, title)
    canvas.showPage()
    canvas.save()
    reading = read_document(tmp_path / "x.pdf", SHA, LinkFacts())
    assert reading.document["title"] == "某市财政局2024年度部门决算"
    assert (reading.document["status"], reading.document["figures"], reading.figures) == ("no_figures", 0, [])


def test_reading_from_the_cache_gives_the_same_figures(tmp_path: Path) -> None:
    path = next((ROOT / "raw" / "samples").rglob("*.pdf"))
    cache = PageCache(tmp_path)
    fresh, cached = (read_document(path, SHA, LinkFacts(), cache) for _ in range(2))
    assert fresh.figures == cached.figures and fresh.figures
    assert len({figure["figure_id"] for figure in fresh.figures}) == len(fresh.figures)


def test_a_damaged_cache_entry_is_read_again(tmp_path: Path) -> None:
    path = next((ROOT / "raw" / "samples").rglob("*.pdf"))
    cache = PageCache(tmp_path)
    read_document(path, SHA, LinkFacts(), cache)
    (entry,) = tmp_path.rglob("*.msgpack")
    entry.write_bytes(entry.read_bytes()[:100])
    assert read_document(path, SHA, LinkFacts(), cache).figures
