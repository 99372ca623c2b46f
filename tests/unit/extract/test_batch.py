"""From archive entries to frames: every entry has its row, whatever became of it."""

from pathlib import Path

import polars as pl

from pipelines.collect.archive import Archive
from pipelines.collect.links import LinkFacts
from pipelines.contracts.extracted import DOCUMENT
from pipelines.extract.batch import extract_documents, read_extracted, write_extracted
from pipelines.settings import RAW

SAMPLE = RAW / "samples" / "jiangsu-npc-2018-budget.pdf"


def test_every_entry_has_one_row_in_an_order_of_its_own(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    for name in ("empty.pdf", "html.pdf", "out.pdf"):
        (tmp_path / name).write_bytes(b"" if name == "empty.pdf" else name.encode())
    names = ("out.pdf", "empty.pdf", "html.pdf")
    archive.register([*((tmp_path / name, name) for name in names), (SAMPLE, "deep/sample.pdf")], {})
    archive.register([(SAMPLE, "again.pdf")], {SAMPLE: LinkFacts("", "江苏省")})
    archive.withdraw("out.pdf", "not ours")
    told: list[tuple[str, str]] = []
    read = extract_documents(
        archive, tmp_path / "cache", 2, lambda entry, status: told.append((entry.file_name, status))
    )

    status = dict(read.documents.select("file_name", "status").rows())
    assert status.pop("deep/sample.pdf") == "read"
    assert status == {"empty.pdf": "empty_file", "html.pdf": "not_pdf", "out.pdf": "withdrawn"}
    assert sorted(name for name, _ in told) == ["deep/sample.pdf", "empty.pdf", "html.pdf"]
    assert read.documents["document_id"].is_sorted()
    assert read.documents.schema == DOCUMENT.polars_schema
    assert read.documents["portal_region"].to_list().count("江苏省") == 1
    assert read.documents["figures"].sum() == read.figures.filter(pl.col("value_state") != "word").height > 100

    write_extracted(read, tmp_path / "extract" / "unlisted")
    back = read_extracted(tmp_path / "extract")
    assert back.documents["partition"].unique().to_list() == ["unlisted"]
    assert back.figures.equals(read.figures)


def test_a_document_whose_worker_died_is_a_row_with_the_reason(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    (tmp_path / "gone.pdf").write_bytes(b"%PDF-1.4")
    archive.register([(tmp_path / "gone.pdf", "gone.pdf")], {})
    archive.path(archive.entries()[0].sha256).unlink()
    (row,) = extract_documents(archive, tmp_path / "cache", 1).documents.rows(named=True)
    assert (row["file_name"], row["file_bytes"], row["status"]) == ("gone.pdf", 8, "failed")
    assert "FileNotFoundError" in row["reason"]
