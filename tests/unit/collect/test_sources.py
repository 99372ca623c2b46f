"""The digest that tells whether there is anything to do."""

from pathlib import Path

import pytest

from pipelines.collect import sources
from pipelines.collect.archive import Archive
from pipelines.collect.links import LinkFacts


def test_documents_links_and_code_change_it_and_nothing_else_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = tmp_path / "sql" / "marts"
    code.mkdir(parents=True)
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    monkeypatch.setattr(sources, "RAW", tmp_path / "raw")
    monkeypatch.setattr(sources, "SQL", tmp_path / "sql")
    pdf = tmp_path / "a.pdf"
    pdf.write_bytes(b"%PDF")
    archive = Archive(tmp_path / "archive")
    seen = {sources.sources_digest(archive)}

    def changed() -> bool:
        before = len(seen)
        seen.add(sources.sources_digest(archive))
        return len(seen) > before

    archive.register([(pdf, "a.pdf")], {})
    assert changed()
    archive.register([(pdf, "a.pdf")], {})
    assert not changed()
    archive.register([(pdf, "a.pdf")], {pdf: LinkFacts("2019", "江苏省")})
    assert changed()
    (code / "notes.txt").write_text("no model")
    assert not changed()
    (code / "x.sql").write_text("select 1")
    assert changed()
    archive.withdraw("a.pdf", "mistake")
    assert changed()
