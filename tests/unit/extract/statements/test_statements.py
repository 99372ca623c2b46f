"""Statements of running text: the official sentence forms, and what must not be read as a figure."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.catalogue import statements as catalogue
from pipelines.catalogue.statements import load_grammar
from pipelines.contracts.vocabulary import WORD_KINDS
from pipelines.extract.pages.model import Page, TextLine
from pipelines.extract.statements import Statement, read_statements

CORPUS = Path(__file__).parents[5] / "shared" / "corpus"


def read(*paragraphs: str, year: int = 2023, kind: str = "final") -> list[Statement]:
    """The statements of paragraphs printed one a line, indented."""
    lines = []
    for i, text in enumerate(("占位", *paragraphs)):
        x = 72.0 if i == 0 else 96.0
        x0s = [x + 5 * k for k in range(len(text))]
        lines.append(TextLine(text, x0s, [x0 + 5 for x0 in x0s], 800.0 - 12 * i, 810.0 - 12 * i))
    return read_statements([Page(1, 2000, 2000, 0, lines, [], 1, 0)], fiscal_year=year, kind=kind)


def brief(found: list[Statement]) -> list[tuple[str, str, str, str]]:
    return [(s.measure_id, s.statement_kind, str(s.value), s.unit) for s in found]


def test_a_total_its_change_and_its_parts() -> None:
    found = read(
        "2023年度收、支总计均为838.61万元。与2022年度相比，收、支总计各减少92.55万元，下降9.9%。",
        "2023年度本年支出合计838.61万元，其中：基本支出694.42万元，占82.8%；项目支出144.19万元，占17.2%；。",
    )
    assert brief(found) == [
        ("total_in_out", "level", "838.61", "万元"),
        ("total_in_out", "delta", "-92.55", "万元"),
        ("total_in_out", "pct_change", "-9.9", "%"),
        ("expenditure", "level", "838.61", "万元"),
        ("expenditure", "level", "694.42", "万元"),
        ("expenditure", "share", "82.8", "%"),
        ("expenditure", "level", "144.19", "万元"),
        ("expenditure", "share", "17.2", "%"),
    ]
    assert [s.nature for s in found[3:]] == ["total", "basic", "basic", "project", "project"]
    assert {s.base for s in found} == {"", "prior_final", "of:expenditure"}
    assert found[1].value_text == "减少92.55万元"


def test_parts_behind_one_that_cannot_be_read_still_belong_to_their_subject() -> None:
    """1,541.50.00 is no number; the public expenses behind it are those of 20802, not of the whole account."""
    found = read(
        "（2）民政管理事务（20802）3,386.08万元，较上年减少24,662.49万元，主要原因是政策调整。具体为："
        "人员经费1,541.50.00万元，较上年增加493.27万元；公用经费105.58万元，较上年减少22.86万元；"
        "专项业务经费1,739.00万元。",
        kind="budget",
    )
    part = {str(s.value): s for s in found if s.nature != "total"}
    assert set(part) == {"105.58", "-22.86", "1739.00"}
    assert {s.subject_label for s in part.values()} == {"民政管理事务"}


def test_headings_give_the_fund_and_a_topic_gives_the_subject() -> None:
    found = read(
        "五、一般公共预算财政拨款支出决算情况说明",
        "1、住房保障支出（类）住房改革支出（款）购房补贴（项）。主要用于：购房补贴。年初预算为258.50万元，"
        "支出决算为200万元，完成年初预算的77.4%。决算数与预算数基本持平。",
    )
    assert brief(found) == [
        ("expenditure", "level", "258.50", "万元"),
        ("expenditure", "level", "200", "万元"),
        ("expenditure", "exec_rate", "77.4", "%"),
        ("expenditure", "comparison", "None", ""),
    ]
    assert [s.stage for s in found] == ["initial_budget", "final", "final", "final"]
    assert {s.fund_source for s in found} == {"gpb"}
    assert {s.subject_label for s in found} == {"住房保障支出/住房改革支出/购房补贴"}
    assert found[2].base == "initial_budget"


def test_a_general_word_in_a_lower_heading_does_not_widen_the_fund() -> None:
    found = read(
        "六、一般公共预算财政拨款支出决算情况说明",
        "（二）财政拨款支出决算结构情况",
        "教育支出（类）支出2万元。",
    )
    assert [s.fund_source for s in found] == ["gpb"]


def test_a_fund_named_behind_its_subject_counts() -> None:
    found = read("委托业务费财政拨款预算为349万元，比上年减少5万元。委托业务费预算为400万元。", kind="budget")
    assert [s.fund_source for s in found] == ["fiscal", "fiscal", "all"]


@pytest.mark.parametrize(
    ("text", "base", "year"),
    [
        ("2025年“三公”经费预算数为37.91万元，比2024年预算减少10万元。", "prior_budget", 2025),
        ("2025年财政拨款收入18.76万元，比2024年预算执行数增加10万元。", "prior_execution", 2025),
        ("机关运行经费支出1.2万元，较上年增加10万元。", "prior_budget", 2025),
    ],
)
def test_the_base_of_a_change_keeps_its_word(text: str, base: str, year: int) -> None:
    level, change = read(text, year=2025, kind="budget")
    assert (change.statement_kind, change.base, change.period_year) == ("delta", base, year)
    assert (level.stage, level.base) == ("initial_budget", "")


def test_no_change_is_zero_and_roughly_none_is_no_figure() -> None:
    found = read(
        "（一）因公出国（境）费0万元，与2024年预算持平。（二）公务接待费1.35万元，与上年基本持平。",
        year=2025,
        kind="budget",
    )
    assert brief(found) == [
        ("three_public_abroad", "level", "0", "万元"),
        ("three_public_abroad", "delta", "0", "万元"),
        ("three_public_reception", "level", "1.35", "万元"),
    ]
    assert found[1].value_text == "持平"


def test_a_direction_never_chosen_is_known_only_for_zero() -> None:
    found = read(
        "其他收入0万元，与上年相比增加（减少）0万元。事业收入5万元，与上年相比增加（减少）3万元。", kind="budget"
    )
    assert brief(found) == [
        ("revenue_other", "level", "0", "万元"),
        ("revenue_other", "delta", "0", "万元"),
        ("revenue_business", "level", "5", "万元"),
    ]


def test_headcounts_keep_type_unit_and_those_counted_within() -> None:
    found = read(
        "截至2023年度末，甲区政府办公室行政编制25名，机关工勤9名；年末实有行政人员23人（含纪委入驻人员4人），"
        "机关工勤6人，退休人员13人。甲区人防中心参公编制3名，年末实有人员1人。"
    )
    unit = ";unit=甲区政府办公室"
    assert [(s.measure_id, str(s.value), s.breakdown) for s in found] == [
        ("headcount_establishment", "25", "type=行政编制" + unit),
        ("headcount_establishment", "9", "type=机关工勤" + unit),
        ("headcount_actual", "23", "type=行政人员" + unit),
        ("headcount_actual_included", "4", "of=行政人员;type=纪委入驻人员"),
        ("headcount_actual", "6", "type=机关工勤" + unit),
        ("headcount_retired", "13", "type=退休人员" + unit),
        ("headcount_establishment", "3", "type=参公编制;unit=甲区人防中心"),
        ("headcount_actual", "1", "type=参公编制;unit=甲区人防中心"),
    ]


def test_of_several_organisations_the_last_is_counted_and_the_day_holds_on() -> None:
    found = read(
        "三、人员情况",
        "截至2022年底，部门预算只包含办公厅本级和甲省政协联谊俱乐部在职7名人员。甲省规划和自然资源局实有人员3人。",
        "单位管理的离退休人员67人。当年预算安排购置车辆0辆。",
        kind="budget",
    )
    assert [(s.measure_id, s.breakdown, s.period_year) for s in found] == [
        ("headcount_actual", "unit=甲省政协联谊俱乐部", 2022),
        ("headcount_actual", "unit=甲省规划和自然资源局", 2022),
        ("headcount_retired", "type=离退休人员", 2022),
        ("asset_vehicle_planned_count", "", 2023),
    ]


def test_the_whole_of_a_share_is_the_amount_it_fits() -> None:
    found = read(
        "二、收入预算情况说明",
        "收入预算合计10,022.32万元，包括本年收入10,022.32万元，上年结转结余0万元。其中：本年一般公共预算收入"
        "9,078.52万元，占90.58%；本年政府性基金预算收入943.8万元，占9.42%；本年事业收入0万元，占0%。",
        "三、支出预算情况说明",
        "支出预算合计100万元，其中：基本支出80万元，占80%，其中：人员经费60万元，占75%；项目支出20万元，占20%；"
        "事业单位经营支出0万元，占0%。",
        kind="budget",
    )
    assert [(str(s.value), s.base) for s in found if s.statement_kind == "share"] == [
        ("90.58", "of:total_in"),
        ("9.42", "of:total_in"),
        ("0", "of:total_in"),
        ("80", "of:total_out"),
        ("75", "of:expenditure/basic"),
        ("20", "of:total_out"),
        ("0", "of:total_out"),
    ]


def test_a_share_that_fits_nothing_keeps_the_whole_the_words_give() -> None:
    found = read("本年支出合计100万元，其中：基本支出80万元，占83.2%。")
    assert [s.base for s in found if s.statement_kind == "share"] == ["of:expenditure"]


def test_a_change_behind_an_enumeration_is_of_what_it_fits() -> None:
    found = read(
        "本部门当年预算收入4,203.47万元，其中：一般公共预算拨款4,005.29万元、上年实户资金余额98.18万元、"
        "其他收入100.00万元，较上年增加142.30万元，增长3.50%。",
        kind="budget",
    )
    assert [(s.measure_id, s.statement_kind) for s in found] == [
        ("total_in", "level"),
        ("revenue_gpb", "level"),
        ("opening_balance", "level"),
        ("revenue_other", "level"),
        ("total_in", "delta"),
        ("total_in", "pct_change"),
    ]


def test_numbered_parts_inherit_the_fund_through_a_part_with_parts() -> None:
    found = read(
        "二、“三公”经费支出情况",
        "2026年通过一般公共预算财政拨款安排的“三公”经费预算共7.5万元。其中：",
        "1.因公出国（境）费0万元。",
        "2.公务用车购置及运行费5万元，包括公务用车购置费0万元，与上年持平；公务用车运行维护费5万元。",
        "3.公务接待费2.5万元。",
        "三、政府采购情况",
        "政府采购预算3万元。",
        year=2026,
        kind="budget",
    )
    assert [s.fund_source for s in found] == ["gpb"] * 7 + ["all"]


def test_a_zero_without_unit_and_a_percent_aside() -> None:
    found = read(
        "公务接待费8万元，较上年减少2万元（20%）。公务用车购置费为0，与上年持平。共有车辆2辆，其中：机要通信用车为0、"
        "其他用车2辆。本单位考核扣分为0。",
        kind="budget",
    )
    assert [(s.measure_id, s.statement_kind, str(s.value), s.unit) for s in found] == [
        ("three_public_reception", "level", "8", "万元"),
        ("three_public_reception", "delta", "-2", "万元"),
        ("three_public_reception", "pct_change", "-20", "%"),
        ("three_public_vehicle_purchase", "level", "0", "万元"),
        ("three_public_vehicle_purchase", "delta", "0", "万元"),
        ("asset_vehicle_count", "count", "2", "辆"),
        ("asset_vehicle_count", "count", "0", "辆"),
        ("asset_vehicle_count", "count", "2", "辆"),
    ]


def test_a_comparison_without_direction_is_no_amount_of_last_year() -> None:
    found = read("机关运行经费安排210.32万元，比上年1.43万元，增加0.68%。", kind="budget")
    assert brief(found) == [
        ("agency_running_cost", "level", "210.32", "万元"),
        ("agency_running_cost", "pct_change", "0.68", "%"),
    ]


def test_brackets_do_not_change_the_subject_outside() -> None:
    found = read(
        "公务用车购置及运行维护费2.5万元（公务用车购置费0万元；公务用车运行维护费2.5万元，比上年减少1万元），"
        "比上年减少2万元。",
        kind="budget",
    )
    assert [(s.measure_id, str(s.value)) for s in found] == [
        ("three_public_vehicle", "2.5"),
        ("three_public_vehicle_purchase", "0"),
        ("three_public_vehicle_operation", "2.5"),
        ("three_public_vehicle_operation", "-1"),
        ("three_public_vehicle", "-2"),
    ]


def test_reception_and_vehicles() -> None:
    found = read(
        "国内公务接待3批次，27人次（不包括陪同人员），共计支出0.4万元。",
        "全年按规定更新购置公务用车0辆，其中：轿车0辆、金额0万元，越野车0辆、金额0万元。",
        "截至2023年12月31日，某局共有车辆2辆，其中：主要领导干部用车1辆、其他用车1辆。"
        "单价100万元以上设备（不含车辆）0台（套）。",
    )
    assert [(s.measure_id, s.unit, s.breakdown) for s in found] == [
        ("reception_domestic_batches", "批次", ""),
        ("reception_domestic_persons", "人次", ""),
        ("reception_domestic_amount", "万元", ""),
        ("vehicle_purchased_count", "辆", ""),
        ("vehicle_purchased_count", "辆", "body=轿车"),
        ("vehicle_purchase_amount", "万元", "body=轿车"),
        ("vehicle_purchased_count", "辆", "body=越野车"),
        ("vehicle_purchase_amount", "万元", "body=越野车"),
        ("asset_vehicle_count", "辆", ""),
        ("asset_vehicle_count", "辆", "use=主要领导干部用车"),
        ("asset_vehicle_count", "辆", "use=其他用车"),
        ("asset_equipment_count", "台（套）", "threshold=100万元"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "主要原因是综合管理费专项增加209万元用于租赁，项目支出增加55万元。",
        "单位和职工住房公积金缴存比例均不得低于5%，不得高于12%。",
        "力争全市生产总值增长7.8%以上，完成投资4000亿元以上。",
        "完成系统升级，举办培训班4期，安排123名业务骨干到一线岗位锻炼。",
        "某专项全年经费1018.55万元，其中当年财政拨款898.00万元、上年结转资金120.55万元。",
        "人员经费1,541.50.00万元，较上年增加493.27万元。",
        "一般公共预算“三公”经费及会议费、培训费预算支出共263.72万元。",
    ],
)
def test_what_is_not_understood_is_not_listed(text: str) -> None:
    assert read(text) == []


def test_an_amount_not_understood_lends_its_change_to_nobody() -> None:
    found = read("机关运行经费支出5万元。某专项工作支持费20万元，比上年增加3万元。")
    assert brief(found) == [("agency_running_cost", "level", "5", "万元")]


def test_a_claim_repeated_within_a_section_is_listed_once() -> None:
    found = read(
        "五、支出情况说明",
        "一般公共预算财政拨款支出8万元，占本年支出合计的100%。",
        "一般公共预算财政拨款支出8万元，主要用于以下方面：教育支出8万元。",
        "六、其他情况说明",
        "一般公共预算财政拨款支出8万元。",
    )
    assert [(s.measure_id, s.statement_kind, s.subject_label) for s in found] == [
        ("expenditure", "level", ""),
        ("expenditure", "share", ""),
        ("expenditure", "level", "教育支出"),
        ("expenditure", "level", ""),
    ]


def test_codes_printed_beside_names() -> None:
    found = read(
        "1.行政运行（2010301）4,414.15万元，较上年增加293.55万元；（二）2080505-基本养老保险缴费支出1万元。",
        kind="budget",
    )
    assert [(s.subject_code, s.subject_label, str(s.value)) for s in found] == [
        ("2010301", "行政运行", "4414.15"),
        ("2010301", "行政运行", "293.55"),
        ("2080505", "基本养老保险缴费支出", "1"),
    ]


def test_the_box_holds_the_digits() -> None:
    (found,) = read("机关运行经费支出56.83万元。")
    text = "机关运行经费支出56.83万元。"
    start = text.index("56.83")
    assert found.box[0] == 96 + 5 * start
    assert found.box[2] == 96 + 5 * (start + len("56.83万元"))


def test_every_measure_and_axis_of_the_grammar_is_in_the_vocabulary() -> None:
    folder = Path(catalogue.__file__).parent
    vocabulary = yaml.safe_load((folder / "measures.yaml").read_text("utf-8"))
    file = yaml.safe_load((folder / "statements.yaml").read_text("utf-8"))
    rules = file["subjects"] + file["counts"] + file["sequels"]
    measures = {rule["measure"] for rule in rules if "measure" in rule}
    measures |= {measure for rule in rules for measure in rule.get("by_fund", {}).values()}
    measures |= {measure for rule in file["subjects"] for measure in rule.get("continues", [])}
    measures |= {measure for rule in file["sequels"] for measure in rule["after"]}
    assert measures <= set(vocabulary["measures"])
    assert {rule["fund"] for rule in rules if "fund" in rule} <= set(vocabulary["fund_sources"])
    assert {rule["nature"] for rule in rules if "nature" in rule} <= set(vocabulary["natures"])
    assert {stage["stage"] for stage in file["stages"]} <= set(vocabulary["stages"])


def test_a_comparison_in_words_is_a_statement_without_a_number() -> None:
    found = read(
        "（三）一般公共预算财政拨款支出决算具体情况",
        "一般公共预算财政拨款支出年初预算为100万元，支出决算为90万元，完成年初预算的90%。决算数小于预算数的主要原因：有项目"
        "调减。",
        "1、住房保障支出（类）住房改革支出（款）购房补贴（项）。年初预算为20万元，支出决算为20万元。决算数与年初预算数基本持平。",
        "2、住房保障支出（类）住房改革支出（款）提租补贴（项）。支出决算为2万元，决算数大于预算数，原因是决算数小于预算数的年份少。",
        "七、财政拨款“三公”经费支出决算情况说明",
        "2024年度“三公”经费支出决算数等于预算数的主要原因：无支出。公务接待费支出决算数较预算数减少的主要原因是节约。",
        year=2024,
    )
    said = [s for s in found if s.statement_kind == "comparison"]
    assert [(s.measure_id, s.subject_label.split("/")[-1], s.value_text, s.base, s.breakdown) for s in said] == [
        ("expenditure", "", "小于", "budget", "direction=less"),
        ("expenditure", "购房补贴", "基本持平", "initial_budget", "direction=about_equal"),
        ("expenditure", "提租补贴", "大于", "budget", "direction=greater"),
        ("three_public", "", "等于", "budget", "direction=equal"),
        ("three_public_reception", "", "减少", "budget", "direction=less"),
    ]
    assert {(s.value, s.unit, s.stage, s.period_year) for s in said} == {(None, "", "final", 2024)}
    assert said[0].fund_source == "gpb"
    assert said[0].box[2] - said[0].box[0] == 5 * len("小于")


def test_a_comparison_whose_subject_is_not_known_is_left_out() -> None:
    assert read("（一）基本情况", "有关工作的决算数小于预算数的主要原因是节约。", "预算结余率大于10%的事项。") == []


def test_the_names_listed_as_parts_of_basic_expenditure() -> None:
    found = read(
        "一般公共预算财政拨款基本支出90万元。其中：人员经费80万元，主要包括：基本工资、津贴补贴、退休费；公用经费10万元。",
        "主要包括：办公费、维修（护）费等。",
        "其他收入5万元，主要包括：利息收入。",
    )
    names = [s for s in found if s.statement_kind == "named_part"]
    assert [(s.nature, s.value_text, s.subject_label, s.fund_source, s.base) for s in names] == [
        ("basic_personnel", "基本工资", "基本工资", "gpb", ""),
        ("basic_personnel", "津贴补贴", "津贴补贴", "gpb", ""),
        ("basic_personnel", "退休费", "退休费", "gpb", ""),
        ("basic_public", "办公费", "办公费", "gpb", ""),
        ("basic_public", "维修（护）费", "维修（护）费", "gpb", ""),
    ]
    assert {(s.value, s.unit, s.measure_id) for s in names} == {(None, "", "expenditure")}
    assert (names[1].box[0] - names[0].box[0], names[1].box[2] - names[1].box[0]) == (5 * len("基本工资、"), 20)


def test_the_titles_of_parts_are_kept() -> None:
    found = read(
        "第二部分某区XX局2024年度部门决算表",
        "第三部分某区财政局2023年度部门决算情况说明",
        "第四部分名词解释",
        "第三部分中2024年度决算的说明，见附件。",
    )
    assert [(s.statement_kind, s.value_text, s.measure_id, s.value) for s in found] == [
        ("title", "第二部分某区XX局2024年度部门决算表", "", None),
        ("title", "第三部分某区财政局2023年度部门决算情况说明", "", None),
    ]


def test_a_list_of_more_than_names_is_none() -> None:
    found = read("人员经费80万元，主要包括：基本工资、2个单位的津贴；公用经费10万元，主要包括办公费，另有差旅费。")
    assert [s.statement_kind for s in found] == ["level", "level"]


def test_a_word_of_size_before_its_base_signs_a_change() -> None:
    found = read("会议费预算支出1305.25万元，本年数小于上年预算数403.75万元。", kind="budget")
    assert [(s.statement_kind, str(s.value), s.base, s.value_text) for s in found] == [
        ("level", "1305.25", "", "1305.25万元"),
        ("delta", "-403.75", "prior_budget", "小于上年预算数403.75万元"),
    ]


WORDS = (
    "决算数|小于|预算数|人员经费|主要包括：|基本工资|、|"
    "收、支总计|与2022年度相比|减少|（|）|1,234.50万元|其中：|占|9.9%|三公经费|持平|3人|，|；|。|原因是|（类）|教育支出"
)


@settings(max_examples=200)
@given(st.lists(st.sampled_from(WORDS.split("|")), min_size=1, max_size=25))
def test_any_text_can_be_read(words: list[str]) -> None:
    for statement in read("".join(words)):
        digits = re.sub(r"[^\d.]", "", statement.value_text)
        assert (statement.value is None) == (statement.statement_kind in WORD_KINDS)
        assert abs(statement.value or 0) == Decimal(digits or 0)
        assert statement.value_text in statement.sentence


def test_this_years_budget_is_a_base_of_its_own() -> None:
    found = read(
        "“三公”经费决算数10.00万元，比年初预算数减少2.00万元，下降16.7%，较上年决算数减少1.00万元，下降9.1%。",
        "公务接待费2.00万元，较年初预算数无增减。机关运行经费支出140万元，较上年减少5.00万元，与预算数相比增加6万元。",
    )
    assert [(s.measure_id, s.statement_kind, str(s.value), s.base) for s in found] == [
        ("three_public", "level", "10.00", ""),
        ("three_public", "delta", "-2.00", "initial_budget"),
        ("three_public", "pct_change", "-16.7", "initial_budget"),
        ("three_public", "delta", "-1.00", "prior_final"),
        ("three_public", "pct_change", "-9.1", "prior_final"),
        ("three_public_reception", "level", "2.00", ""),
        ("agency_running_cost", "level", "140", ""),
        ("agency_running_cost", "delta", "-5.00", "prior_final"),
        ("agency_running_cost", "delta", "6", "budget"),
    ]


def test_guests_are_no_delegations_abroad() -> None:
    found = read(
        "外宾接待支出0万元。2023年共接待国（境）外来访团组1个、来访外宾6人次（不包括陪同人员）。",
        "其他国内公务接待支出2万元。2023年共接待国内来访团组25个、来宾180人次（不包括陪同人员）。",
        "国内公务接待26批次181人，其中：国内外事接待0批次，0人；国（境）外公务接待3批次，9人。",
    )
    counts = [(s.measure_id, int(s.value)) for s in found if s.statement_kind == "count"]
    assert counts == [
        ("reception_foreign_batches", 1), ("reception_foreign_persons", 6),
        ("reception_domestic_batches", 25), ("reception_domestic_persons", 180),
        ("reception_domestic_batches", 26), ("reception_domestic_persons", 181),
        ("reception_foreign_batches", 0), ("reception_foreign_persons", 0),
    ]  # fmt: skip


def test_parts_are_not_taken_for_the_whole() -> None:
    found = read(
        "授予中小企业合同金额34万元，占政府采购支出总额的95.7%；货物采购授予中小企业合同金额占货物支出金额的100%。",
        "对一般公共预算项目支出全面开展绩效自评，其中，一级项目2个，二级项目6个，共涉及资金117万元，"
        "占一般公共预算项目支出总额的100%。",
    )
    assert [(s.measure_id, s.statement_kind, s.fund_source, s.breakdown) for s in found] == [
        ("procurement_sme_award", "level", "all", ""),
        ("procurement_sme_award", "share", "all", ""),
        ("procurement_sme_award", "share", "all", "of_which=货物"),
        ("performance_project_count", "count", "", "step=绩效自评的一级项目"),
        ("performance_project_count", "count", "", "step=绩效自评的二级项目"),
        ("performance_project_amount", "level", "all", ""),
        ("performance_project_amount", "share", "gpb", ""),
    ]


def test_a_change_of_the_whole_after_its_parts_is_no_change_of_the_last_part() -> None:
    found = read(
        "2023年支出预算540万元，其中：一般公共服务支出400万元，社会保障和就业支出80万元。支出较去年增加20万元。",
        "财政拨款安排支出500万元，其中，基本支出440万元，与上年对比增加10万元，增长2.3%。",
        "核定编制20人，其中：行政编制15人，工勤人员编制2人。",
        kind="budget",
    )
    assert [(s.measure_id, s.statement_kind, s.subject_label or s.nature, str(s.value)) for s in found[3:]] == [
        ("total_out", "delta", "", "20"),
        ("expenditure", "level", "total", "500"),
        ("expenditure", "level", "basic", "440"),
        ("expenditure", "delta", "basic", "10"),
        ("expenditure", "pct_change", "basic", "2.3"),
        ("headcount_establishment", "count", "", "20"),
        ("headcount_establishment", "count", "", "15"),
        ("headcount_establishment", "count", "", "2"),
    ]
    assert found[-1].breakdown == "type=工勤人员编制"


def test_what_follows_a_list_is_about_its_whole_unless_each_part_has_its_change() -> None:
    found = read(
        "2023年度收入合计2138万元。其中：财政拨款收入2130万元，占99.6%；其他收入8万元，占0.4%。与上年对比，增加138万元。",
        "“三公”经费5万元，其中：因公出国（境）费0万元，比上年增加0万元；公务用车购置及运行费3万元。"
        "比上年减少1万元；公务接待费2万元，比上年增加0万元。",
    )
    changes = [(s.measure_id, str(s.value)) for s in found if s.statement_kind == "delta"]
    assert changes == [
        ("revenue", "138"), ("three_public_abroad", "0"), ("three_public_vehicle", "-1"),
        ("three_public_reception", "0"),
    ]  # fmt: skip


def test_rates_and_plans_are_no_amounts_of_the_year() -> None:
    found = read("人均公用经费2万元。年初部门预算安排机关运行经费135万元。")
    assert [(s.measure_id, s.stage) for s in found] == [("agency_running_cost", "initial_budget")]


def test_a_sum_of_the_year_is_one_only_in_final_accounts() -> None:
    text = "2023年度收入合计2,138.00万元，较上年增加138.00万元，增长6.9%。"
    assert [s.measure_id for s in read(text)] == ["revenue"] * 3
    assert read(text, kind="budget") == []


def test_the_founding_document() -> None:
    path = CORPUS / "renhe" / "renhe-01.pdf"
    if not path.exists():
        pytest.skip("the corpus of real documents is not at ../shared/corpus")
    from pipelines.extract.document import LinkFacts, read_document

    found = read_document(path, "0" * 64, LinkFacts(), None).figures
    claims = {  # measure, kind, fund, breakdown, value
        (f["measure_id"], f["statement_kind"], f["fund_source"], f["breakdown"], Decimal(f["value"]))
        for f in found
        if f["source_kind"] == "text" and f["value"] is not None
    }
    assert [(f["measure_id"], f["value_text"], f["page"]) for f in found if f["statement_kind"] == "comparison"] == [
        ("three_public", "小于", 7)
    ]
    unit = ";unit=仁和区政府办公室"
    assert {
        ("total_in_out", "delta", "all", "", Decimal("-92.55")),
        ("three_public", "level", "fiscal", "", Decimal("5.45")),
        ("three_public", "pct_change", "fiscal", "", Decimal("-48.2")),
        ("three_public_vehicle", "level", "fiscal", "", Decimal("5.05")),
        ("agency_running_cost", "level", "gpb", "", Decimal("56.83")),
        ("headcount_actual", "count", "", "type=行政人员" + unit, Decimal(23)),
        ("headcount_actual", "count", "", "type=机关工勤" + unit, Decimal(6)),
    } <= claims


def test_the_grammar_is_compiled_once() -> None:
    assert load_grammar() is load_grammar()
