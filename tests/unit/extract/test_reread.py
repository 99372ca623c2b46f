"""Figures read again on a sample: what was read rightly agrees, a shifted column or row does not."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipelines.extract.document import LinkFacts, read_document
from pipelines.extract.pages.model import Box
from pipelines.extract.reread import PageAgain, Printed, Rereading, compare, read_again
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
            row["figure_id"], row["page"], row["table_no"], f"{row['row_no']} {row['row_label']}", row["column_path"],
            row["value_text"], Box(row["x0"], row["y0"], row["x1"], row["y1"]),
        )
        for row in table
        if row["page"] == table[0]["page"]
    ]  # fmt: skip


def reread(printed: list[Printed], wanted: str, kept: Path) -> dict[str, Rereading]:
    return {one.reader: one for one in read_again(SAMPLE, SHA, printed, {wanted}, kept)}


def pair_in_a_row(printed: list[Printed]) -> tuple[Printed, Printed]:
    """Two figures of one row whose numbers differ."""
    return next(
        (one, other)
        for one in printed
        for other in printed
        if one.row == other.row and one.column != other.column and one.text != other.text
    )


def test_what_was_read_rightly_agrees(printed: list[Printed], kept: Path) -> None:
    for figure in printed[:8]:
        found = reread(printed, figure.figure_id, kept)
        assert found["position"].agrees and found["camelot"].agrees, figure
        assert "unread" not in found


def test_a_value_taken_from_the_next_column_is_noticed(printed: list[Printed], kept: Path) -> None:
    """The cell reader's fault: value and place of the neighbour under the header of this column."""
    one, other = pair_in_a_row(printed)
    shifted = msgspec.structs.replace(one, text=other.text, box=other.box)
    found = reread([shifted if f is one else f for f in printed if f is not other], one.figure_id, kept)
    assert found["position"].agrees is False
    assert found["camelot"].agrees is False


def test_another_number_than_printed_is_noticed(printed: list[Printed], kept: Path) -> None:
    wrong = msgspec.structs.replace(printed[0], text="123.45")
    found = reread([wrong, *printed[1:]], wrong.figure_id, kept)
    assert found["position"].agrees is False
    assert found["position"].text == printed[0].text


def test_a_number_that_no_figure_has_is_named(printed: list[Printed], kept: Path) -> None:
    dropped = printed[-1]
    found = reread(printed[:-1], printed[0].figure_id, kept)
    assert found["unread"].text == dropped.text
    assert found["unread"].agrees is False


def test_a_word_is_read_again_as_a_word() -> None:
    chars = [(char, Box(10.0 * i, 0.0, 10.0 * i + 10, 10.0)) for i, char in enumerate("决算数大于预算数")]
    page = PageAgain(chars, [])
    for text, agrees in (("大于", True), ("小于", False)):
        word = Printed("f", 1, None, "0 ", "", text, Box(30.0, 0.0, 50.0, 10.0))
        assert [one.agrees for one in compare(page, [word], {"f"})] == [agrees]
