"""The archive: the same bytes once, nothing rewritten, nothing lost."""

from pathlib import Path

import pytest

from pipelines.collect.archive import MANIFEST, Archive
from pipelines.collect.folders import pdfs_in
from pipelines.collect.links import LinkFacts, read_links
from pipelines.errors import UsageError

JIANGSU = LinkFacts("2019年度部门预算", "江苏省")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files, two of them with the same bytes."""
    given = tmp_path / "given"
    (given / "deep").mkdir(parents=True)
    (given / "a.pdf").write_bytes(b"%PDF-1.4 one")
    (given / "deep" / "copy.PDF").write_bytes(b"%PDF-1.4 one")
    (given / "deep" / "empty.pdf").write_bytes(b"")
    (given / "notes.txt").write_text("no PDF")
    return given


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def test_a_folder_gives_every_pdf_below_it_and_a_named_file_is_taken_as_it_is(folder: Path) -> None:
    assert [name for _, name in pdfs_in([folder])] == ["a.pdf", "deep/copy.PDF", "deep/empty.pdf"]
    assert [name for _, name in pdfs_in([folder / "notes.txt", folder / "a.pdf", folder])] == [
        "a.pdf", "deep/copy.PDF", "deep/empty.pdf", "notes.txt",
    ]  # fmt: skip


def test_same_bytes_are_one_document_and_registering_twice_writes_nothing(folder: Path, archive: Archive) -> None:
    first = archive.register(pdfs_in([folder]), {})
    assert (len(first.new), first.known) == (2, 1)
    assert {entry.file_name for entry in archive.entries()} == {"a.pdf", "deep/empty.pdf"}
    assert all(archive.path(entry.sha256).stat().st_size == entry.file_bytes for entry in archive.entries())
    before = (archive.digest(), (archive.folder / MANIFEST).read_bytes())
    assert archive.register(pdfs_in([folder]), {}).new == []
    assert (archive.digest(), (archive.folder / MANIFEST).read_bytes()) == before


def test_link_facts_are_kept_until_others_are_given(folder: Path, archive: Archive) -> None:
    file = folder / "a.pdf"
    archive.register([(file, "a.pdf")], {file.resolve(): JIANGSU})
    digest = archive.digest()
    archive.register([(file, "a.pdf")], {})
    assert archive.digest() == digest
    later = LinkFacts("2019年度部门预算公开", "江苏省")
    assert archive.register([(file, "a.pdf")], {file.resolve(): later}).relinked == 1
    assert archive.entries()[0].link == later
    assert archive.digest() != digest


def test_a_withdrawn_document_stays_withdrawn_until_restored(folder: Path, archive: Archive) -> None:
    archive.register(pdfs_in([folder]), {})
    archive.withdraw("a.pdf", "wrong folder")
    assert archive.register(pdfs_in([folder]), {}).withdrawn == ["a.pdf", "deep/copy.PDF"]
    entry = archive.find("a.pdf")
    assert entry.withdrawn == "wrong folder"
    with pytest.raises(UsageError, match="withdrawn already"):
        archive.withdraw(entry.sha256[:8], "again")
    archive.restore(entry.sha256)
    assert archive.find("a.pdf").withdrawn is None


@pytest.mark.parametrize("prefix", ["nobody.pdf", "0123456789", "a"])
def test_a_document_that_is_not_there_is_said_to_be_so(folder: Path, archive: Archive, prefix: str) -> None:
    archive.register(pdfs_in([folder]), {})
    with pytest.raises(UsageError, match="No document"):
        archive.find(prefix)


@pytest.mark.parametrize("cut", range(1, 120, 7))
def test_a_torn_last_line_costs_that_line_only(folder: Path, archive: Archive, cut: int) -> None:
    archive.register(pdfs_in([folder]), {})
    expected = archive.digest()
    manifest = archive.folder / MANIFEST
    manifest.write_bytes(manifest.read_bytes()[:-cut])
    archive.register(pdfs_in([folder]), {})
    assert archive.digest() == expected


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path, archive: Archive) -> None:
    (tmp_path / "gone.pdf").symlink_to(tmp_path / "nowhere")
    assert archive.register(pdfs_in([tmp_path]), {}).unreadable == ["gone.pdf: No such file or directory"]


def test_links_are_relative_to_the_csv_or_to_the_folders_given(tmp_path: Path, folder: Path) -> None:
    csv_file = tmp_path / "links.csv"
    csv_file.write_text(
        "\ufefffile,link_title,portal_region\ngiven/a.pdf,2019年度部门预算,江苏省\ndeep/empty.pdf,,\nno.pdf,,\n",
        "utf-8",
    )
    links = read_links(csv_file, [folder])
    assert links.facts == {folder / "a.pdf": JIANGSU, folder / "deep" / "empty.pdf": LinkFacts()}
    assert links.missing == ["no.pdf"]


@pytest.mark.parametrize("content", [b"file,title\n", b"", b"\xff\xfe\x00"])
def test_a_links_file_of_another_shape_is_misuse(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "links.csv").write_bytes(content)
    with pytest.raises(UsageError, match=r"links\.csv"):
        read_links(tmp_path / "links.csv")
