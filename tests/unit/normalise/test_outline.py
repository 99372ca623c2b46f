"""Rows read in print order: units, groups, and subjects told by the subject above them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tests.unit.normalise.conftest import Extracted

Row = tuple[str, str, dict[str, Any]]
"""Label, value, other columns of the figure."""


def _rows(
    extracted: Callable[[], Extracted], title: str, column: str, rows: Sequence[Row], *names: str, **given: Any
) -> list[tuple[Any, ...]]:
    frames = extracted()
    document = frames.document("one", kind="budget")
    for label, value, more in rows:
        frames.cell(document, title, column, value, label, **(given | more))
    return frames.normalise()["prov.figure"].sort("row_no").select(*names).rows()


def test_rows_of_units_are_parts_and_the_departments_own_row_is_the_whole(
    extracted: Callable[[], Extracted],
) -> None:
    rows = [
        ("合计", "3.00", {}),
        ("某市财政局", "3.00", {"other_codes": "unit=116"}),
        ("某市财政局", "2.00", {"other_codes": "unit=116001"}),
        ("某中心", "1.00", {"other_codes": "unit=116003"}),
    ]
    found = _rows(extracted, "支出总表", "合计", rows, "measure_id", "breakdown", label_path="单位名称")
    assert found == [
        ("expenditure", ""), ("expenditure", ""), ("expenditure", "unit=某市财政局"), ("expenditure", "unit=某中心"),
    ]  # fmt: skip


def test_the_only_unit_of_a_table_is_the_whole(extracted: Callable[[], Extracted]) -> None:
    rows = [("某局（本级）", "3.00", {}), ("一般公共服务支出", "3.00", {"subject_code": "201"})]
    assert _rows(extracted, "支出总表", "支出总计", rows, "measure_id", "breakdown", label_path="预算单位") == [
        ("expenditure", ""), ("expenditure", ""),
    ]  # fmt: skip


def test_subjects_below_a_unit_are_its_part_where_there_are_several(extracted: Callable[[], Extracted]) -> None:
    rows = [
        ("合计", "4.00", {}),
        ("普陀区财政局（本级）", "3.00", {}), ("工资福利支出", "3.00", {}),
        ("某中心", "1.00", {}), ("工资福利支出", "1.00", {}),
    ]  # fmt: skip
    frames = extracted()
    document = frames.document("one", kind="budget", department_name="普陀区财政局")
    for name in ("普陀区财政局", "某中心"):
        frames.cell(document, "收入总表", "合计", "1.00", name, label_path="单位名称")
    for label, value, more in rows:
        frames.cell(document, "基本支出表", "总计", value, label, label_path="支出项目类别（资金使用单位）", **more)
    tables = frames.normalise()
    figures = tables["prov.figure"].filter(table_id="T_BASIC_ECON").sort("row_no")
    assert figures.select("subject_code_inferred", "breakdown").rows() == [
        (None, ""),
        (None, "unit=普陀区财政局（本级）"), ("301", "unit=普陀区财政局（本级）"),
        (None, "unit=某中心"), ("301", "unit=某中心"),
    ]  # fmt: skip
    assert sorted(tables["core.fact_amount"].filter(economic_key="301@2007")["amount_yuan"]) == [10000, 30000]


def test_a_unit_may_be_printed_before_the_year_of_its_first_row(extracted: Callable[[], Extracted]) -> None:
    rows = [("某局/2023年", "5.00", {}), ("2024年", "6.00", {}), ("增减变化金额", "1.00", {})]
    found = _rows(
        extracted, "财政拨款“三公”经费支出表", "公务接待费/一般公共预算", rows,
        "measure_id", "period_year", "statement_kind", "base", "fund_source", label_path="预算单位",
    )  # fmt: skip
    assert found == [
        ("three_public_reception", 2023, "level", "", "gpb"),
        ("three_public_reception", 2024, "level", "", "gpb"),
        ("three_public_reception", 2024, "delta", "prior_budget", "gpb"),
    ]


def test_panels_side_by_side_list_what_their_label_header_says(extracted: Callable[[], Extracted]) -> None:
    panels = [
        ("其他支出", "支出/支出功能分类科目（按大类）", "229"),
        ("对企业补助", "支出/部门预算支出经济分类科目（按大类）", "312"),
        ("对企业补助", "支出/政府预算支出经济分类科目（按大类）", "507"),
    ]
    rows = [(label, "1.00", {"label_path": path}) for label, path, _ in panels]
    found = _rows(extracted, "收支总表", "支出/预算数", rows, "subject_code_inferred")
    assert sorted(code for (code,) in found) == [code for *_, code in panels]


def test_a_group_of_expenditure_sets_the_nature_of_the_rows_below(extracted: Callable[[], Extracted]) -> None:
    labels = ["1、人员经费和公用经费支出", "(1)工资福利支出", "2、专项业务经费支出", "(1)工资福利支出", "本年支出合计"]
    found = _rows(
        extracted, "收支总表", "支出/预算数", [(label, "1.00", {}) for label in labels],
        "subject_code_inferred", "nature", label_path="支出/部门预算支出经济分类科目（按大类）",
    )  # fmt: skip
    assert found == [(None, "basic"), ("301", "basic"), (None, "project"), ("301", "project"), (None, "total")]


def test_economic_classes_below_a_nature_are_its_parts_and_functions_are_not(
    extracted: Callable[[], Extracted],
) -> None:
    labels = ["一、基本支出", "工资福利支出", "二、项目支出", "资本性支出", "五、农林水支出"]
    found = _rows(
        extracted, "收支总表", "支出/预算数", [(label, "1.00", {"label_path": path}) for label, path in zip(
            labels, ["支出/项目（按部门预算经济分类）"] * 4 + ["支出/项目（按功能分类）"], strict=True
        )], "subject_code_inferred", "nature",
    )  # fmt: skip
    assert set(found) == {(None, "basic"), ("301", "basic"), (None, "project"), ("310", "project"), ("213", "total")}


def test_a_name_is_looked_for_below_the_subject_above(extracted: Callable[[], Extracted]) -> None:
    labels = ["五、住房保障支出", "住房改革支出", "住房公积金", "六、其他支出", "其他支出", "其他支出"]
    found = _rows(
        extracted, "收支总表", "支出/预算数", [(label, "1.00", {}) for label in labels], "subject_code_inferred"
    )
    assert [code for (code,) in found] == ["221", "22102", "2210201", "229", "22999", "2299999"]


def test_below_a_department_class_a_name_is_of_the_department_classification(
    extracted: Callable[[], Extracted],
) -> None:
    labels = ["工资福利支出", "基本工资", "住房公积金"]
    found = _rows(extracted, "基本支出表", "总计", [(label, "1.00", {}) for label in labels], "subject_code_inferred")
    assert [code for (code,) in found] == ["301", "30101", "30113"]


def test_things_bought_are_items_of_their_class_and_projects_have_their_name(
    extracted: Callable[[], Extracted],
) -> None:
    rows = [("合计", "3.00", {}), ("二、货物A", "3.00", {}), ("办公费/复印纸", "3.00", {})]
    assert _rows(extracted, "政府采购支出表", "总计", rows, "measure_id", "breakdown") == [
        ("procurement", ""), ("procurement_goods", ""), ("procurement_goods", "item=办公费/复印纸"),
    ]  # fmt: skip
    rows = [("合计", "3.00", {}), ("信访专项", "3.00", {})]
    assert _rows(extracted, "项目支出总表", "总计", rows, "measure_id", "nature", "breakdown") == [
        ("expenditure", "project", ""), ("project_amount", "project", "project=信访专项"),
    ]  # fmt: skip
