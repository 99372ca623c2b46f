"""Tables that their own note declares empty, in real documents."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pipelines.extract.document import read_document
from pipelines.extract.metadata import LinkFacts


@pytest.mark.parametrize(
    ("name", "filled"),
    [
        ("putuo/putuo-03.pdf", [("T_TP", "注:本部门2024年无“三公”经费和机关运行经费预算，故本表为空表。", 31)]),
        ("putuo/putuo-02.pdf", []),
        ("jiangsu/jiangsu-14.pdf", []),
    ],
)
def test_notes_on_tables_with_numbers(shared: Path, name: str, filled: list[tuple[str, str, int]]) -> None:
    path = shared / "corpus" / name
    reading = read_document(path, hashlib.sha256(path.read_bytes()).hexdigest(), LinkFacts())
    noted = [table for table in reading.tables if table["empty_note"]]
    assert any(table["state"] == "declared_empty" for table in noted)
    full = [table for table in noted if table["state"] == "read"]
    assert [(table["table_id"], table["empty_note"], table["empty_note_page"]) for table in full] == filled
