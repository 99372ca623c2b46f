from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.normalise.conftest import Extracted

AXES = ["measure_id", "fund_source", "nature", "stage", "statement_kind", "base"]
TP = "一般公共预算“三公”经费、会议费、培训费支出预算表"


def _read(extracted: Callable[[], Extracted], kind: str, title: str, column: str, **given: Any) -> dict[str, Any]:
    frames = extracted()
    document = frames.document("one", kind=kind)
    frames.cell(document, title, column, "1.00", **given)
    return frames.normalise()["prov.figure"].row(0, named=True)


@pytest.mark.parametrize(
    ("kind", "title", "column", "given", "axes"),
    [
        ("final", "收入支出决算总表", "收入/决算数", {"label": "一、一般公共预算财政拨款收入"},
         ("revenue_gpb", "gpb", "total", "final", "level", "")),
        ("final", "收入支出决算总表", "支出/决算数", {"label": "总计"},
         ("total_out", "all", "total", "final", "level", "")),
        ("budget", "收支预算总表", "支出/支出用途/金额", {"label": "三、单位预留机动经费"},
         ("expenditure", "all", "reserve", "initial_budget", "level", "")),
        ("budget", "收入预算总表", "金额", {"label": "其他资金/小计"},
         ("revenue", "other", "total", "initial_budget", "level", "")),
        ("budget", "2025年部门收入预算总表", "收入预算/财政拨款收入", {"label": "行政运行", "subject_code": "2010101"},
         ("revenue_fiscal", "fiscal", "total", "initial_budget", "level", "")),
        ("final", "支出决算表", "项目支出", {"label": "合计"},
         ("expenditure", "all", "project", "final", "level", "")),
        ("final", "财政拨款收入支出决算总表", "支出/政府性基金预算财政拨款", {"label": "本年支出合计"},
         ("expenditure", "gov_fund", "total", "final", "level", "")),
        ("budget", "一般公共预算基本支出表", "一般公共预算基本支出/公用经费", {"subject_code": "30201"},
         ("expenditure", "gpb", "basic_public", "initial_budget", "level", "")),
        ("final", "一般公共预算财政拨款基本支出决算表", "决算数", {"label": "人员经费合计"},
         ("expenditure", "gpb", "basic_personnel", "final", "level", "")),
        ("final", "财政拨款“三公”经费支出决算表", "财政拨款“三公”经费/合计/预算数", {"body_rows": 1},
         ("three_public", "fiscal", "total", "initial_budget", "level", "")),
        ("budget", TP, "合计", {"body_rows": 1},
         ("three_public_meeting_training", "gpb", "total", "initial_budget", "level", "")),
        ("budget", TP, "“三公”经费/小计", {"body_rows": 1},
         ("three_public", "gpb", "total", "initial_budget", "level", "")),
        ("budget", TP, "“三公”经费/公务用车购置及运行维护费/小计", {"body_rows": 1},
         ("three_public_vehicle", "gpb", "total", "initial_budget", "level", "")),
        ("budget", "部门“三公”经费和机关运行经费预算表", "机关运行经费预算数", {"body_rows": 1, "label": "某局"},
         ("agency_running_cost", "gpb", "total", "initial_budget", "level", "")),
        ("budget", "2019年政府采购预算表", "总计", {"label": "一、货物A"},
         ("procurement_goods", "all", "total", "initial_budget", "level", "")),
        ("budget", "支出总表", "政府采购项目/其中：2024年政府采购项目中预留给中小企业的项目资金规模",
         {"subject_code": "201"}, ("procurement_sme_reserve", "all", "total", "initial_budget", "level", "")),
        ("budget", "一般公共预算基本支出明细表（按支出功能分类科目）", "公用经费支出", {"subject_code": "201"},
         ("expenditure", "gpb", "basic_public", "initial_budget", "level", "")),
        ("budget", "部门综合预算专项业务经费支出表", "项目金额", {"label": "合计"},
         ("expenditure", "all", "project", "initial_budget", "level", "")),
        # A printed code decides whatever the table mostly lists.
        ("final", "支出决算表", "本年支出合计", {"label": "基本工资", "subject_code": "30101"},
         ("expenditure", "all", "total", "final", "level", "")),
        ("budget", "政府采购预算表", "合计", {"label": "一般公共服务支出", "subject_code": "201"},
         ("procurement", "all", "total", "initial_budget", "level", "")),
        ("budget", "一般公共预算“三公”经费及会议费、培训费支出预算表",
         "增减变化情况/一般公共预算拨款安排的“三公”经费预算/小计", {"label": "合计"},
         ("three_public", "gpb", "total", "initial_budget", "delta", "prior_budget")),
        ("final", "机构运行信息表", "统计数", {"label": "1．国内公务接待批次（个）"},
         ("reception_domestic_batches", "fiscal", "total", "final", "count", "")),
        ("final", "机构运行信息表", "统计数", {"label": "（2）公务用车运行维护费"},
         ("three_public_vehicle_operation", "fiscal", "total", "final", "level", "")),
        ("budget", "收入总表", "本年财政拨款收入", {"label": "合计"},
         ("revenue_fiscal", "fiscal", "total", "initial_budget", "level", "")),
        ("budget", "收入总表", "上年结转结余/一般公共预算资金", {"label": "合计"},
         ("opening_balance", "gpb", "total", "initial_budget", "level", "")),
        # Words of other provinces and years.
        ("final", "公共预算财政拨款支出决算表", "本年支出/小计", {"subject_code": "201"},
         ("expenditure", "gpb", "total", "final", "level", "")),
        ("final", "公共预算财政拨款收入支出决算表", "年末结转和结余/项目支出结转和结余", {"label": "合计"},
         ("closing_balance", "gpb", "project", "final", "level", "")),
        ("final", "一般公共预算财政拨款收入支出决算表", "本年收入/基本支出", {"label": "合计"},
         ("revenue", "gpb", "basic", "final", "level", "")),
        ("budget", "政府性基金预算“三公”经费支出表", "公务接待费", {"body_rows": 1},
         ("three_public_reception", "gov_fund", "total", "initial_budget", "level", "")),
        ("final", "收入支出决算总表", "支出/项目（按支出性质和经济分类）/全年预算数", {"label": "一、基本支出"},
         ("expenditure", "all", "basic", "adjusted_budget", "level", "")),
        ("budget", "一般公共预算“三公”经费支出表",
         "三公经费预算数（一般公共预算拨款）/公务用车购置及运行费/公务用车购置费",
         {"label": "合计"}, ("three_public_vehicle_purchase", "gpb", "total", "initial_budget", "level", "")),
        ("budget", "部门收入总表", "纳入专户管理的非税收入拨款", {"label": "合计"},
         ("revenue_special_account", "special_account", "total", "initial_budget", "level", "")),
    ],
)  # fmt: skip
def test_title_header_and_label_give_the_meaning(
    extracted: Callable[[], Extracted], kind: str, title: str, column: str, given: dict[str, Any],
    axes: tuple[str, ...],
) -> None:  # fmt: skip
    figure = _read(extracted, kind, title, column, **given)
    assert tuple(figure[name] for name in AXES) == axes
    assert figure["period_year"] == 2024


@pytest.mark.parametrize(
    ("title", "column", "given"),
    [
        ("支出决算表", "支出/某种未见过的分类", {"label": "合计"}),
        ("收入支出决算总表", "支出/决算数", {"label": "某种未见过的项目"}),
        ("收支总表", "支出/预算数", {"label": "其他支出", "label_path": "支出/支出用途"}),  # natures, not subjects
        ("支出决算表", "本年支出合计", {"label": "某下属单位"}),
        ("政府购买服务明细表", "预算金额", {"label": "合计"}),  # no government procurement
        ("财政拨款“三公”经费支出决算表", "合计", {"label": "某下属单位"}),
        ("某种未见过的表", "合计", {"label": "合计"}),
        ("收入支出决算总表", "收入/决算数", {"label": "其中：财政拨款"}),  # of what is above, not of the account
        ("上级转移支付补助项目支出预算表", "合计", {"label": "合计"}),
        ("非税收入征收计划表", "合计", {"label": "合计"}),
    ],
)
def test_a_figure_is_never_forced(extracted: Callable[[], Extracted], title: str, column: str, given: dict) -> None:
    figure = _read(extracted, "final", title, column, **given)
    assert figure["measure_id"] is None
    assert figure["amount_yuan"] is not None  # it stays a printed amount


@pytest.mark.parametrize(
    ("column", "kind_of_statement", "stage", "base", "year", "money"),
    [
        ("2025年执行数", "level", "execution", "", 2025, True),
        ("2026年预算数", "level", "initial_budget", "", 2026, True),
        ("上年预算数", "level", "initial_budget", "", 2025, True),
        ("执行数", "level", "execution", "", 2025, True),
        ("2026年预算数比2025年执行数/增减额", "delta", "initial_budget", "prior_execution", 2026, True),
        ("2026年预算数比2025年执行数/增减(%)", "pct_change", "initial_budget", "prior_execution", 2026, False),
    ],
)
def test_one_budget_table_may_print_years_and_changes_side_by_side(
    extracted: Callable[[], Extracted], column: str, kind_of_statement: str, stage: str, base: str, year: int,
    money: bool,
) -> None:  # fmt: skip
    frames = extracted()
    document = frames.document("one", kind="budget", fiscal_year=2026)
    frames.cell(document, "一般公共预算支出表", column, "1.00", "合计")
    figure = frames.normalise()["prov.figure"].row(0, named=True)
    assert [figure[name] for name in ("statement_kind", "stage", "base", "period_year")] == [
        kind_of_statement, stage, base, year,
    ]  # fmt: skip
    assert (figure["amount_yuan"] is not None) is money


def test_a_part_of_one_fund_or_class_is_not_the_whole(extracted: Callable[[], Extracted]) -> None:
    part = _read(
        extracted, "budget", "财政拨款收支总表", "支出/一般公共预算/其中：财政拨款", label="一、一般公共服务支出"
    )
    assert (part["fund_source"], part["breakdown"]) == ("gpb", "of_which=财政拨款")
    title = "一般公共预算基本支出表--人员经费(工资福利支出)(按部门预算经济分类)"
    wages = _read(extracted, "budget", title, "总计", label="合计")
    assert (wages["nature"], wages["breakdown"]) == ("basic_personnel", "of_which=工资福利支出")


def test_fund_rows_below_the_opening_balance_are_its_parts(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    document = frames.document("one")
    title, column = "财政拨款收入支出决算总表", "收入/决算数"
    labels = ["一、一般公共预算财政拨款", "本年收入合计", "年初财政拨款结转和结余", "一、一般公共预算财政拨款", "总计"]
    for label in labels:
        frames.cell(document, title, column, "1.00", label)
    figures = frames.normalise()["prov.figure"].sort("row_no")
    assert figures["measure_id"].to_list() == [
        "revenue_gpb", "revenue", "opening_balance", "opening_balance", "total_in",
    ]  # fmt: skip
    assert figures["fund_source"].to_list() == ["gpb", "fiscal", "fiscal", "gpb", "fiscal"]


@pytest.mark.parametrize(
    ("title", "column", "breakdown"),
    [
        ("支出总表", "部门预算/公共预算拨款/其中：专项资金列入部门预算的项目", "of_which=专项资金列入部门预算的项目"),
        ("支出总表", "单位资金/事业收入", "money=事业收入"),
        ("基本支出总表", "上年结余、结转", "money=上年结转结余"),
        ("财政拨款上年结转资金支出表", "合计", "money=上年结转结余"),
        ("一般公共预算支出表", "2024年预算数/扣除中央基建投资后预算数", "without=中央基建投资"),
    ],
)
def test_a_part_of_a_column_is_no_plain_amount(
    extracted: Callable[[], Extracted], title: str, column: str, breakdown: str
) -> None:
    figure = _read(extracted, "budget", title, column, label="合计")
    assert (figure["measure_id"], figure["breakdown"]) == ("expenditure", breakdown)


@pytest.mark.parametrize(("carried_over", "measure"), [("上年结转", "total_in"), ("事业收入", "revenue")])
def test_an_unnamed_total_takes_in_what_was_carried_over(
    extracted: Callable[[], Extracted], carried_over: str, measure: str
) -> None:
    frames = extracted()
    document = frames.document("one", kind="budget")
    for column in ("合计", "本年收入/小计", carried_over):
        frames.cell(document, "收入总表", column, "1.00", "合计")
    measures = dict(frames.normalise()["prov.figure"].select("column_path", "measure_id").iter_rows())
    assert (measures["合计"], measures["本年收入/小计"]) == (measure, "revenue")


@pytest.mark.parametrize(("last", "measure"), [("收入总计", "revenue"), ("其他资金", "total_in")])
def test_one_total_is_that_of_the_year_where_another_follows(
    extracted: Callable[[], Extracted], last: str, measure: str
) -> None:
    frames = extracted()
    document = frames.document("one", kind="budget")
    for label in ("一、财政拨款收入", "收入合计", last):
        frames.cell(document, "收支总表", "收入/预算数", "1.00", label)
    measures = dict(frames.normalise()["prov.figure"].select("row_label", "measure_id").iter_rows())
    assert measures["收入合计"] == measure


def test_text_keeps_its_meaning_and_gets_what_goes_without_saying(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    document = frames.document("one")
    label = "社会保障和就业支出/行政事业单位养老支出/机关事业单位基本养老保险缴费支出"
    frames.statement(document, "68.92", subject_label=label)
    figure = frames.normalise()["prov.figure"].row(0, named=True)
    assert (figure["subject_code"], figure["subject_code_inferred"]) == (None, "2080505")
    assert [figure[name] for name in ("stage", "nature", "period_year", "base", "breakdown")] == [
        "final", "total", 2024, "", "",
    ]  # fmt: skip
