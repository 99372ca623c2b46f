from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.unit.normalise.conftest import Extracted, Tables

EXP, GPB = "支出决算表", "一般公共预算财政拨款支出决算表"
PENSION = {"label": "机关事业单位基本养老保险缴费支出", "subject_code": "2080505"}
PATH = "社会保障和就业支出/行政事业单位养老支出/机关事业单位基本养老保险缴费支出"


def _facts(tables: Tables, **where: Any) -> list[dict[str, Any]]:
    return tables["core.fact_amount"].filter(**where).to_dicts()


def test_the_table_is_taken_before_the_text_and_the_copies_are_counted(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    document = frames.document("one")
    frames.statement(document, "68.93", subject_label=PATH)
    cell = frames.cell(document, GPB, "合计", "68.92", **PENSION)
    (fact,) = _facts(frames.normalise())
    assert fact["amount_yuan"] == Decimal("689200.00")
    assert (fact["figure_id"], fact["source_kind"]) == (cell, "table")
    assert (fact["subject_key"], fact["economic_key"]) == ("2080505@2007", "none")
    assert (fact["copies"], fact["copies_agree"]) == (2, True)  # 0.01 apart is rounding


def test_text_and_tables_are_one_disclosure(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    text = frames.document("text", part="narrative")
    tables = frames.document("tables", part="tables")
    frames.statement(text, "99.00", subject_label=PATH)
    frames.cell(tables, GPB, "合计", "68.92", **PENSION)
    found = frames.normalise()
    (fact,) = _facts(found)
    assert (fact["amount_yuan"], fact["copies_agree"]) == (Decimal("689200.00"), False)
    assert found["prov.conflict"].is_empty()
    assert found["core.dim_document"].select("files", "conflict").row(0) == (2, False)
    assert set(found["prov.document"]["outcome"]) == {"read"}


def test_rivals_without_an_order_publish_only_what_they_agree_on(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    one, other = frames.document("one"), frames.document("other")
    for document, total in ((one, "2,940.05"), (other, "0.00")):
        frames.cell(document, GPB, "合计", total, "合计")
        frames.cell(document, GPB, "合计", "68.92", **PENSION)
    found = frames.normalise()
    (fact,) = _facts(found)
    assert (fact["subject_key"], fact["copies"]) == ("2080505@2007", 2)
    assert sorted(found["prov.conflict"]["value"]) == [Decimal(0), Decimal("29400500")]
    assert set(found["prov.document"]["outcome"]) == {"conflict"}
    reasons = found["prov.document"]["outcome_reason"]
    assert all("one.pdf, other.pdf" in reason for reason in reasons)
    assert found["core.dim_document"]["conflict"].to_list() == [True]


def test_a_revision_in_a_known_order_is_no_conflict(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    one = frames.document("one", revision_no=1)
    frames.cell(one, GPB, "合计", "68.92", **PENSION)
    other = frames.document("other", supersedes=one, revision_no=2)
    frames.cell(other, GPB, "合计", "70.00", **PENSION)
    found = frames.normalise()
    (fact,) = _facts(found)
    assert (fact["amount_yuan"], fact["copies"]) == (Decimal("700000.00"), 1)
    assert found["prov.conflict"].is_empty()
    reasons = dict(found["prov.document"].select("document_id", "outcome_reason").rows())
    assert reasons == {
        one: f"its publisher replaced it at its address by {other[:12]}; facts are made of that",
        other: "",
    }


def test_rows_finer_than_the_grain_make_no_fact(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    document = frames.document("one")
    for value in ("1.00", "5.00"):
        frames.cell(document, EXP, "项目支出", value, **PENSION)
    frames.cell(document, EXP, "本年支出合计", "6.00", **PENSION)
    assert [fact["nature"] for fact in _facts(frames.normalise())] == ["total"]


def test_two_equal_rows_of_a_list_are_two_things(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    document = frames.document("one", kind="budget")
    for _ in range(2):
        frames.cell(document, "政府采购支出表", "总计", "1.30", "办公费/复印纸")
    for label in ("办公费/办公经费", "办公费/商品和服务支出"):
        frames.cell(document, "一般公共预算基本支出表", "合计", "2.00", label, subject_code="30201")
    # A row printed again on the next page is the same row.
    for _ in range(2):
        frames.cell(document, "一般公共预算基本支出表", "合计", "3.00", "印刷费", subject_code="30202")
    facts = frames.normalise()["core.fact_amount"]
    assert facts.select("economic_key", "amount_yuan").rows() == [("30202@2007", Decimal("30000.00"))]


def test_an_unresolved_subject_is_not_a_total(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    document = frames.document("one")
    frames.statement(document, "1.00", subject_label="某类/某款/某项")
    frames.cell(document, EXP, "项目支出", "1.00", label="第三列", subject_code="2080")
    assert _facts(frames.normalise()) == []


def test_the_account_of_the_year_comes_before_a_later_mention(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    own = frames.document("own", fiscal_year=2024, kind="budget")
    later = frames.document("later", fiscal_year=2025, kind="budget")
    frames.cell(own, "一般公共预算支出表", "合计", "1.00", "合计")
    for column, value in (("2024年预算数", "2.00"), ("2025年预算数", "3.00")):
        frames.cell(later, "一般公共预算支出表", column, value, "合计")
    found = {(fact["fiscal_year"], fact["amount_yuan"]) for fact in _facts(frames.normalise())}
    assert found == {(2024, Decimal("10000.00")), (2025, Decimal("30000.00"))}


def test_department_and_unit_are_never_mixed(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    for scope, value in (("department", "9.00"), ("unit", "8.00")):
        frames.cell(frames.document(scope, scope=scope), GPB, "合计", value, "合计")
    found = {(fact["scope"], fact["amount_yuan"]) for fact in _facts(frames.normalise())}
    assert found == {("department", Decimal("90000.00")), ("unit", Decimal("80000.00"))}


def test_counts_and_rates_are_metrics(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    document = frames.document("one")
    frames.statement(document, "2", measure_id="asset_vehicle_count", statement_kind="count", unit="辆",
                     fund_source=None)  # fmt: skip
    frames.statement(document, "9.9%", statement_kind="pct_change", unit="%")
    found = frames.normalise()
    assert _facts(found) == []
    assert found["core.fact_metric"].select("measure_id", "value", "unit", "base").sort("measure_id").rows() == [
        ("asset_vehicle_count", Decimal(2), "辆", ""),
        ("expenditure", Decimal("9.9"), "%", "unspecified"),
    ]


def test_documents_that_are_no_accounts_keep_their_reason(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    frames.document("html", status="not_pdf", reason="An HTML page.", department_name=None, fiscal_year=None, kind=None)
    frames.document("nameless", department_name=None)
    frames.document("partly", tables_unrecognised=2)
    found = {row["file_name"]: row for row in frames.normalise()["prov.document"].to_dicts()}
    assert (found["html.pdf"]["outcome"], found["html.pdf"]["outcome_reason"]) == ("rejected", "An HTML page.")
    assert found["nameless.pdf"]["outcome"] == "read_partly"
    assert "department" in found["nameless.pdf"]["outcome_reason"]
    assert found["partly.pdf"]["outcome_reason"] == "2 tables were not recognised"


def test_nothing_in_gives_empty_tables_and_curated_lists(extracted: Callable[[], Extracted]) -> None:
    found = extracted().normalise()
    assert found["core.fact_amount"].is_empty()
    assert found["core.dim_subject"].height > 800


def test_the_order_of_the_input_does_not_matter(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    for year in (2023, 2024):
        document = frames.document(str(year), fiscal_year=year)
        for value, label in (("1.00", "合计"), ("2.00", "一、教育支出")):
            frames.cell(document, "收入支出决算总表", "支出/决算数", value, label)
        frames.statement(document, "3.00", subject_label=PATH)
    once = frames.normalise()
    for rows in (frames.documents, frames.tables, frames.figures):
        random.Random(1).shuffle(rows)
    again = frames.normalise()
    assert [name for name in once if not once[name].equals(again[name])] == []
