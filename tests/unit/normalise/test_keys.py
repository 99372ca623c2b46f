"""Keys of rows that print codes of several lists."""

from __future__ import annotations

from collections.abc import Callable

from tests.unit.normalise.conftest import Extracted

TITLE, COLUMN = "一般公共预算支出明细表", "合计"


def _facts(extracted: Callable[[], Extracted], rows: list[tuple[str, str, str]]) -> list[tuple[str, ...]]:
    frames = extracted()
    document = frames.document("one", kind="budget")
    for code, others, value in rows:
        frames.cell(document, TITLE, COLUMN, value, "某科目", subject_code=code, other_codes=others)
    facts = frames.normalise()["core.fact_amount"]
    return sorted(facts.select("subject_key", "economic_key", "breakdown").rows())


def test_function_and_economic_code_of_one_row_are_two_keys(extracted: Callable[[], Extracted]) -> None:
    rows = [("2010301", "government_economic=50201;department_economic=30211", "1.00")]
    assert _facts(extracted, rows) == [("2010301@2007", "30211@2007", "")]


def test_a_code_split_over_the_other_classification_has_no_row_of_its_own(
    extracted: Callable[[], Extracted],
) -> None:
    rows = [
        ("30101", "government_economic=50101", "2.00"),
        ("30101", "government_economic=50501", "1.00"),
        ("30201", "government_economic=50201", "1.00"),
    ]
    assert _facts(extracted, rows) == [
        ("none", "30101@2007", "government_economic=50101"),
        ("none", "30101@2007", "government_economic=50501"),
        ("none", "30201@2007", ""),
    ]


def test_digits_of_no_list_make_no_fact(extracted: Callable[[], Extracted]) -> None:
    assert _facts(extracted, [("2010301", "department_economic=3021101", "1.00")]) == []
