"""Damaged and hostile PDFs: each is an outcome row with a reason, and costs no other document anything.

`JUESUAN_MUTANTS=500 python -m pytest -s tests/unit/extract/test_hostile.py` tries more and shows the outcomes.
"""

from __future__ import annotations

import io
import os
import time
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from mutants import mutant
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from pipelines.collect.archive import Archive
from pipelines.extract import batch
from pipelines.extract.pages import preflight

ROOT = Path(__file__).resolve().parents[3]
MUTANTS = int(os.environ.get("JUESUAN_MUTANTS", "60"))
SECONDS = 20.0
SMALL = 400_000
"""Bytes of the largest PDF that is damaged: the damage counts, not the length."""


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of the given objects, numbered from 1; the first is the catalogue."""
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    xref = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head, size = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1), len(objects) + 1
    out += head + xref + b"trailer\n<</Root 1 0 R /Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return bytes(out)


def one_page(content: bytes, times: int = 1, box: bytes = b"0 0 595 842") -> bytes:
    """A PDF of one page that shows `content` so many times; compressed twice, so that a bomb is a small file."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(content * min(10_000, times)) for _ in range(0, times, 10_000)) + packer.flush()
    content = zlib.compress(packed, 9)
    return pdf_of(
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources <</XObject <</F 5 0 R>>>>>>" % box,
        b"<</Length %d /Filter [/FlateDecode /FlateDecode]>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 4 /Resources <</XObject <</F 5 0 R>>>>>>stream\n"
        b"/F Do\nendstream",
    )


def many_pages(levels: int) -> bytes:
    """A page tree of which each node stands ten times in the node above it."""
    nodes = [
        b"<</Type /Pages /Kids [%s] /Count %d>>" % (b"%d 0 R " % (3 + level) * 10, 10 ** (levels - level))
        for level in range(levels)
    ]
    return pdf_of(b"<</Type /Catalog /Pages 2 0 R>>", *nodes, b"<</Type /Page /MediaBox [0 0 9 9]>>")


def locked(user: str, *, copying: bool) -> bytes:
    buffer = io.BytesIO()
    rights = StandardEncryption(user, ownerPassword="owner", canCopy=int(copying))
    canvas = Canvas(buffer, encrypt=rights, invariant=True)
    canvas.drawString(72, 720, "Annual notice")
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


class Outcome(NamedTuple):
    status: str
    reason: str
    seconds: float


def outcomes(folder: Path, files: dict[str, bytes]) -> dict[str, Outcome]:
    """What becomes of each file, read by one worker as a build reads it."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    archive = Archive(folder / "archive")
    archive.register([(folder / name, name) for name in files], {})
    seconds: dict[str, float] = {}
    last = time.monotonic()

    def on_done(name: str) -> None:
        nonlocal last
        seconds[name], last = time.monotonic() - last, time.monotonic()

    read = batch.extract_documents(archive, folder / "pages", 1, lambda entry, status: on_done(entry.file_name))
    return {
        row["file_name"]: Outcome(row["status"], row["reason"], seconds[row["file_name"]])
        for row in read.documents.iter_rows(named=True)
    }


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "DOCUMENT_SECONDS", SECONDS)
    monkeypatch.setattr(batch, "DOCUMENT_MEMORY_BYTES", 1024**3)


def test_every_mutant_has_an_outcome(tmp_path: Path, limits: None) -> None:
    corpus = ROOT.parent / "shared" / "corpus"
    if not corpus.is_dir():
        print("the corpus of real documents (../shared/corpus) is not here: only samples are damaged")
    paths = [*sorted((ROOT / "raw" / "samples").glob("*.pdf")), *sorted(corpus.rglob("*.pdf"))]
    pdfs = [path.read_bytes() for path in paths if 0 < path.stat().st_size < SMALL]
    kinds: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for number in range(MUTANTS):
        name = f"{number:05}.pdf"
        kinds[name], files[name] = mutant(number, pdfs)
    found = outcomes(tmp_path, files)
    _show(kinds, found)
    assert found.keys() == files.keys()
    assert not [name for name, one in found.items() if one.status != "read" and not one.reason]
    assert not [name for name, one in found.items() if one.seconds > SECONDS + 5]


def _show(kinds: dict[str, str], found: dict[str, Outcome]) -> None:
    """What became of each kind of damage, for a run by hand."""
    counts = Counter((kinds[name], one.status) for name, one in found.items())
    for (kind, status), count in sorted(counts.items()):
        print(f"{kind:26}{status:14}{count:5}")
    reasons = Counter(one.reason for one in found.values() if one.status == "failed")
    for reason, count in reasons.most_common():
        print(f"failed {count}: {reason}")
    print(f"all: {dict(Counter(one.status for one in found.values()))}")
    print(f"longest: {max(one.seconds for one in found.values()):.1f} s")


@pytest.mark.parametrize(
    ("make", "statuses", "words"),
    [
        pytest.param(lambda: many_pages(9), {"over_limits", "broken"}, "page", id="a thousand million pages"),
        pytest.param(lambda: one_page(b"", box=b"0 0 14401 842"), {"over_limits"}, "14401", id="a page too long"),
        pytest.param(lambda: one_page(b"", box=b"0 0 14400 14400"), {"no_figures"}, "", id="the largest page"),
        pytest.param(lambda: one_page(b"/F Do"), {"no_figures"}, "", id="a form that draws itself"),
        pytest.param(lambda: one_page(b"q ", 300_000), {"no_figures"}, "", id="deep graphics states"),
        pytest.param(lambda: one_page(b"[", 300_000), {"no_figures"}, "", id="deep arrays"),
        pytest.param(lambda: one_page(b"0 0 m 9 9 l S\n", 9_000_000), {"failed"}, "", id="millions of lines"),
        pytest.param(lambda: one_page(b" " * 1000, 2_000_000), {"failed", "no_figures"}, "", id="a bomb"),
    ],
)
def test_a_hostile_pdf_is_an_outcome_within_its_limits(
    tmp_path: Path, limits: None, make: Callable[[], bytes], statuses: set[str], words: str
) -> None:
    sample = next((ROOT / "raw" / "samples").glob("*.pdf")).read_bytes()
    found = outcomes(tmp_path, {"hostile.pdf": make(), "sample.pdf": sample})
    assert found["sample.pdf"].status == "read"
    hostile = found["hostile.pdf"]
    assert hostile.status in statuses and hostile.reason and words in hostile.reason, hostile
    assert hostile.seconds < SECONDS + 5


def test_a_file_over_the_limit_of_bytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "MAX_BYTES", 100)
    refusal = preflight.open_pdf(one_page(b""))
    assert isinstance(refusal, preflight.Refusal) and refusal.status == "over_limits"


@pytest.mark.parametrize("copying", [True, False])
def test_an_open_pdf_is_read_whatever_its_owner_allows_and_the_ban_is_known(copying: bool) -> None:
    pdf = preflight.open_pdf(locked("", copying=copying))
    assert not isinstance(pdf, preflight.Refusal)
    assert pdf[0].get_textpage().get_text_range() == "Annual notice"
    assert preflight.forbids_extraction(pdf) is not copying


def test_a_pdf_with_a_user_password_is_refused() -> None:
    refusal = preflight.open_pdf(locked("secret", copying=True))
    assert isinstance(refusal, preflight.Refusal) and refusal.status == "encrypted"
