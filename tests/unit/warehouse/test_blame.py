"""Whose error a broken identity is, from what a second reading says."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from pipelines.contracts import CONTRACTS
from pipelines.extract.reread import Rereading
from pipelines.warehouse.blame import Blame, judge
from tests.unit.warehouse.conftest import DOCUMENT, rows_of


def judged(*rereadings: Rereading, verdict: str = "fail") -> Blame:
    """10.00 printed as the sum of 3.00 and 4.00, and a fourth figure in the same table."""
    figures = [
        {"figure_id": name, "document_id": DOCUMENT, "table_no": 1, "page": 2, "value_text": text, "unit": "万元"}
        for name, text in (("whole", "10.00"), ("a", "3.00"), ("b", "4.00"), ("beside", "1.00"))
    ]
    result = {
        "check_id": "grand_total", "document_id": DOCUMENT, "verdict": verdict, "figure_ids": "whole a b",
        "difference": Decimal(30000), "tolerance": Decimal(150), "terms": 2,
    }  # fmt: skip
    return judge(
        CONTRACTS["prov.check_result"].frame(rows_of("prov.check_result", result)),
        CONTRACTS["prov.figure"].frame(rows_of("prov.figure", *figures)),
        rereadings,
    )


def alike(figure: str, text: str) -> Rereading:
    return Rereading(figure, "position", 2, text, True)


ALL_ALIKE = (alike("whole", "10.00"), alike("a", "3.00"), alike("b", "4.00"))


def whose(found: Blame) -> str:
    return str(found.blame["whose_error"].item())


def test_what_two_readings_give_alike_was_printed_so() -> None:
    found = judged(*ALL_ALIKE)
    assert whose(found) == "publisher"
    assert found.blocked.is_empty()


def test_a_reading_that_differs_blames_the_parser_and_blocks_the_table() -> None:
    found = judged(*ALL_ALIKE[:2], Rereading("b", "position", 2, "7.00", False))
    assert whose(found) == "parser"
    assert set(found.blocked["figure_id"]) == {"whole", "a", "b", "beside"}
    assert "read as 4.00, position finds 7.00 there" in found.blame["evidence"].item()


def test_the_missing_amount_printed_in_the_table_blames_the_parser() -> None:
    found = judged(*ALL_ALIKE, Rereading("whole", "unread", 2, "3.00", False))
    assert whose(found) == "parser"
    assert not found.blocked.is_empty()


def test_any_amount_of_the_table_that_was_not_read_blames_the_parser() -> None:
    """Several may be missing, of which none is the difference; a zero explains nothing."""
    assert whose(judged(*ALL_ALIKE, Rereading("beside", "unread", 2, "8.88", False))) == "parser"
    assert whose(judged(*ALL_ALIKE, Rereading("beside", "unread", 2, "0.00", False))) == "publisher"


def test_equal_amounts_that_were_not_read_are_one_row() -> None:
    found = judged(*ALL_ALIKE, *[Rereading("beside", "unread", 2, "8.88", False)] * 2)
    assert found.rereadings.filter(reader="unread").height == 1
    assert found.counts["unread"].item() == 2


def test_a_misread_figure_of_the_table_blames_the_parser_for_its_other_sums() -> None:
    """What was read into the wrong column is missing in sums that do not name it."""
    found = judged(*ALL_ALIKE, Rereading("beside", "position", 2, "支出", False, "column"))
    assert whose(found) == "parser"
    assert "finds it below 支出" in found.blame["evidence"].item()
    assert found.blocked.height == 4


def test_a_figure_in_no_identity_that_was_misread_is_blocked() -> None:
    found = judged(*ALL_ALIKE, Rereading("beside", "position", 2, "支出", False, "column"), verdict="exact")
    assert found.blame.is_empty()
    assert found.blocked.height == 4


def test_a_misread_digit_may_hide_in_the_rounding() -> None:
    assert whose(judged(*ALL_ALIKE, verdict="rounding")) == "publisher"
    found = judged(*ALL_ALIKE[:2], Rereading("b", "position", 2, "4.01", False, "number"), verdict="rounding")
    assert whose(found) == "parser"


def test_figures_read_again_are_counted_and_only_doubts_are_kept() -> None:
    found = judged(*ALL_ALIKE, alike("beside", "1.00"))
    assert found.counts.select("figures", "agreed", "differed").row(0) == (4, 4, 0)
    assert set(found.rereadings["figure_id"]) == {"whole", "a", "b"}


def test_a_number_whose_words_were_not_found_again_is_counted_apart() -> None:
    found = judged(*ALL_ALIKE, Rereading("beside", "position", 2, "1.00", True, "column"))
    assert found.counts["agreed_in_number"].item() == 1
    assert whose(found) == "publisher"


def test_a_subject_that_is_not_certain_leaves_it_unclear() -> None:
    found = judged(*ALL_ALIKE[:2], Rereading("b", "position", 2, "(20802)", None, "subject"))
    assert whose(found) == "unclear"
    assert "(20802)" in found.blame["evidence"].item()


def test_a_figure_that_could_not_be_read_again_leaves_it_unclear() -> None:
    found = judged(*ALL_ALIKE[:2])
    assert whose(found) == "unclear"
    assert found.blocked.is_empty()


def test_nothing_is_broken() -> None:
    nothing = judge(CONTRACTS["prov.check_result"].empty(), CONTRACTS["prov.figure"].empty(), [])
    assert all(isinstance(frame, pl.DataFrame) and frame.is_empty() for frame in nothing)
