"""Both second readers on a real page of a sample, and answers that are kept."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipelines.extract.document import LinkFacts, read_document
from pipelines.extract.pages.model import Box
from pipelines.extract.reread import Printed, Rereading, read_again
from pipelines.settings import RAW

SAMPLE = RAW / "samples" / "putuo-finance-bureau-2024-final.pdf"
SHA = hashlib.sha256(SAMPLE.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reread")


@pytest.fixture(scope="module")
def printed() -> list[Printed]:
    """The figures of the table of expenditure, on its first page."""
    rows: list[dict[str, Any]] = read_document(SAMPLE, SHA, LinkFacts(), None).figures
    table = [row for row in rows if row["table_id"] == "T_EXP" and row["value"] is not None]
    return [
        Printed(
            row["figure_id"], row["page"], row["table_no"], row["row_label"], row["column_path"], row["value_text"],
            Box(row["x0"], row["y0"], row["x1"], row["y1"]), subject=row["subject_code"] or "", unit=row["unit"] or "",
        )
        for row in table
        if row["page"] == table[0]["page"]
    ]  # fmt: skip


def reread(printed: list[Printed], wanted: str, kept: Path) -> dict[str, Rereading]:
    answers = read_again(SAMPLE, SHA, printed, frozenset([wanted]), kept)
    return {one.reader: one for one in answers if one.figure_id == wanted}


def test_what_was_read_rightly_agrees(printed: list[Printed], kept: Path) -> None:
    answers = read_again(SAMPLE, SHA, printed, frozenset(one.figure_id for one in printed[:8]), kept)
    assert all(one.agrees and not one.doubt for one in answers), answers
    assert sum(one.reader == "position" for one in answers) == len(printed)
    assert sum(one.reader == "camelot" for one in answers) == 8


def test_a_value_taken_from_the_next_column_is_noticed_by_both(printed: list[Printed], kept: Path) -> None:
    one, other = next(
        (one, other) for one in printed for other in printed
        if one.row == other.row and one.column != other.column and one.text != other.text
    )  # fmt: skip
    shifted = msgspec.structs.replace(one, text=other.text, box=other.box)
    found = reread([shifted if f is one else f for f in printed if f is not other], one.figure_id, kept)
    assert (found["position"].agrees, found["position"].doubt) == (False, "column")
    assert (found["camelot"].agrees, found["camelot"].doubt) == (False, "column")
    assert one.column.split("/")[-1] not in found["position"].text


def test_answers_are_kept_until_something_else_is_asked(printed: list[Printed], tmp_path: Path) -> None:
    answers = read_again(SAMPLE, SHA, printed, frozenset(), tmp_path)
    (file,) = tmp_path.rglob("*.msgpack")
    before = file.stat().st_mtime_ns
    assert read_again(SAMPLE, SHA, printed, frozenset(), tmp_path) == answers
    assert file.stat().st_mtime_ns == before
    file.write_bytes(b"torn")
    assert read_again(SAMPLE, SHA, printed, frozenset(), tmp_path) == answers
    wrong = msgspec.structs.replace(printed[0], text="123.45")
    assert read_again(SAMPLE, SHA, [wrong, *printed[1:]], frozenset(), tmp_path) != answers
