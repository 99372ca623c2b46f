from __future__ import annotations

from drawing import LEFT, UP, grid, line, page

from pipelines.catalogue.tables import table_catalogue
from pipelines.extract.pages.model import Page
from pipelines.extract.tables.logical import Table, has_unruled_columns, read_tables


def read(*pages: Page) -> list[Table]:
    return read_tables(pages, table_catalogue())


def values(table: Table) -> list[tuple[int, str, list[str], str, str]]:
    return [
        (r.row_no, r.label, [c for g in r.codes for c in g.parts if c], "/".join(v.column.path), v.text)
        for r in table.rows
        for v in r.values
    ]


HEADER = ["科目编码", "科目名称", "合计"]


def test_side_by_side_panels_and_a_label_merged_over_columns() -> None:
    (table,) = read(
        page(
            1, "收支预算总表", "单位：万元",
            grid([
                ["收入", LEFT, "支出", LEFT, LEFT, LEFT],
                ["项目", "金额", "功能科目", "金额", "用途项目名称", "金额"],
                ["一、财政拨款", "9.00", "一、公共安全支出", "8.00", "一、基本支出", "5.00"],
                ["收入合计", "9.00", "支出合计", LEFT, LEFT, "9.00"],
            ]),
        )
    )  # fmt: skip
    assert table.rule is not None and table.rule.id == "T_TOTAL" and table.unit == "万元"
    assert [(n, label, text) for n, label, _, _, text in values(table)] == [
        (1, "一、财政拨款", "9.00"), (1, "一、公共安全支出", "8.00"), (1, "一、基本支出", "5.00"),
        (2, "收入合计", "9.00"), (2, "支出合计", "9.00"),
    ]  # fmt: skip
    assert values(table)[-1][3] == "支出/金额"


def test_header_cells_beside_column_numbers_label_no_row() -> None:
    (table,) = read(
        page(
            1, "支出决算表", "金额单位：万元",
            grid([
                ["项目", LEFT, "本年支出合计", "基本支出"],
                ["功能分类科目编码", "科目名称", UP, UP],
                [UP, "栏次", "1", "2"],
                [UP, "合计", "3.00", "2.00"],
                ["213", "农林水支出", "3.00", "2.00"],
            ]),
        )
    )  # fmt: skip
    assert [(label, codes, text) for _, label, codes, _, text in values(table)] == [
        ("合计", [], "3.00"), ("合计", [], "2.00"), ("农林水支出", ["213"], "3.00"), ("农林水支出", ["213"], "2.00"),
    ]  # fmt: skip


def test_a_total_below_two_halves_of_one_cost_labels_the_amount_at_its_right() -> None:
    halves = ["科目编码", "科目名称", "决算数"]
    (table,) = read(
        page(
            1, "一般公共预算财政拨款基本支出决算表",
            grid([
                ["人员经费", LEFT, LEFT, "公用经费", LEFT, LEFT, LEFT, LEFT, LEFT],
                halves * 3,
                ["301", "工资福利支出", "7.00", "302", "商品和服务支出", "2.00", "310", "资本性支出", "1.00"],
                ["人员经费合计", LEFT, "7.00", "公用经费合计", LEFT, LEFT, LEFT, LEFT, "3.00"],
                # Of both costs: no label of the right half.
                ["合计", LEFT, LEFT, LEFT, LEFT, LEFT, LEFT, LEFT, "10.00"],
            ]),
        )
    )  # fmt: skip
    assert [(label, text) for _, label, _, _, text in values(table)][3:] == [
        ("人员经费合计", "7.00"), ("公用经费合计", "3.00"), ("", "10.00"),
    ]  # fmt: skip


def test_a_note_says_which_budget_is_meant() -> None:
    rows = [["预算数", "决算数"], ["3.00", "2.00"]]
    note = "注：本表反映预决算情况。其中，预算数为“三公”经费全年预算数，反映按规"
    noted, plain = read(
        page(1, "财政拨款“三公”经费支出决算表", grid(rows), note, "定程序调整后的预算数。"),
        page(3, "财政拨款“三公”经费支出决算表", grid(rows), "注：预算数为年初预算数。"),
    )
    assert noted.notes.endswith("调整后的预算数。")
    assert [table_catalogue().budget_in(table.notes) for table in (noted, plain)] == ["adjusted_budget", None]


def test_line_numbers_without_a_header_are_no_amounts() -> None:
    rows = [[f"{number}、某项收入", str(number), f"{number}00"] for number in range(1, 8)]
    (table,) = read(page(1, "收入决算表", "单位：万元", grid([["项目", "", "金额"], *rows])))
    assert [text for *_, text in values(table)] == [amount for *_, amount in rows]


def test_continuation_without_header_keeps_the_columns_and_counts_on() -> None:
    first = page(
        1, "支出预算总表", "单位：元", grid([HEADER, ["201", "一般公共服务支出", "3"], ["20101", "人大事务", "3"]])
    )
    second = page(2, grid([["2010101", "行政运行", "2"], ["", "合计", "3"]]))
    (table,) = read(first, second)
    assert table.pages == [1, 2]
    assert values(table)[-2:] == [(3, "行政运行", ["2010101"], "合计", "2"), (4, "合计", [], "合计", "3")]


def test_continuation_with_repeated_title_and_header() -> None:
    first = page(1, "支出决算表", grid([HEADER, ["201", "一般公共服务支出", "3.00"]]))
    second = page(2, "支出决算表（续表）", grid([HEADER, ["202", "外交支出", "1.00"]]))
    (table,) = read(first, second)
    assert [v[0] for v in values(table)] == [1, 2]


def test_a_label_cut_by_the_page_break_is_joined() -> None:
    first = page(1, "收支总表", grid([["项目", "金额"], ["七、公共安全支出", "1.00"], ["八、社会保障和就", "2.00"]]))
    second = page(2, grid([["业支出", ""], ["九、卫生健康支出", "3.00"]]))
    (table,) = read(first, second)
    assert [v[1] for v in values(table)] == ["七、公共安全支出", "八、社会保障和就业支出", "九、卫生健康支出"]
    assert [v[0] for v in values(table)] == [1, 2, 3]


def test_the_next_title_starts_another_table_and_each_has_its_unit() -> None:
    tables = read(
        page(
            1, "部门收入总表", "单位：元", grid([["项目", "金额"], ["合计", "1,000"]]),
            "“三公”经费预算表", "单位:万元", grid([["合计", "公务接待费"], ["0.10", "0.10"]]),
        )
    )  # fmt: skip
    assert [(t.rule.id if t.rule else None, t.unit) for t in tables] == [("T_REV", "元"), ("T_TP", "万元")]


def test_a_wrapped_title_is_one_title() -> None:
    wrapped = [line("“三公”经费、会议费、培训费支出预算", 60, 768, 12), line("表", 156, 754, 12)]
    (table,) = read(page(1, *wrapped, grid([["合计", "会议费"], ["1.00", "1.00"]])))
    assert table.title == "“三公”经费、会议费、培训费支出预算表"


def test_a_title_may_stand_at_the_foot_of_the_page_before() -> None:
    tables = read(
        page(1, "部门收入总表", grid([["项目", "金额"], ["合计", "1.00"]]), "部门支出总表", "单位：万元"),
        page(2, grid([["项目", "金额"], ["合计", "2.00"]])),
    )
    assert [(t.title, t.unit) for t in tables] == [("部门收入总表", None), ("部门支出总表", "万元")]


def test_two_level_row_labels() -> None:
    (table,) = read(
        page(1, "收入预算总表", grid([
            ["项目名称", LEFT, "金额"],
            ["收入总计", LEFT, "9.00"],
            ["其他资金", "小计", "1.00"],
            [UP, "事业收入", "1.00"],
        ]))
    )  # fmt: skip
    assert [v[1] for v in values(table)] == ["收入总计", "其他资金/小计", "其他资金/事业收入"]


def test_a_table_declared_empty_says_so() -> None:
    (table,) = read(
        page(1, "政府性基金预算支出表", grid([HEADER, ["", "", ""]]), "注：本部门无政府性基金，故本表为空表。")
    )
    assert not values(table) and table.empty_note is not None


def test_a_form_is_read_beside_its_words() -> None:
    (table,) = read(
        page(1, "项目支出绩效目标表", grid([
            ["项目名称", "办公楼物业", LEFT],
            ["资金情况", "资金总额", "25.89"],
            [UP, "财政拨款", "25.00"],
            ["指标", "指标值", "说明"],
        ]))
    )  # fmt: skip
    assert [(v[1], v[4]) for v in values(table)] == [("资金情况/资金总额", "25.89"), ("资金情况/财政拨款", "25.00")]


def test_code_and_name_in_one_cell_are_told_apart() -> None:
    (table,) = read(
        page(1, "支出总表", grid([["科目", "合计"], ["2080505-基本养老保险", "1.00"], ["30207邮电费", "2.00"]]))
    )
    assert [(v[2], v[1]) for v in values(table)] == [(["2080505"], "基本养老保险"), (["30207"], "邮电费")]


def test_words_behind_the_amounts_label_nothing() -> None:
    rows = [["项目名称", "金额", "备注"], ["甲", "1.00", "据实"], ["乙", "2.00", "据实"]]
    (table,) = read(page(1, "项目支出表", grid(rows)))
    assert [v[1] for v in values(table)] == ["甲", "乙"]


def test_blank_margin_columns_are_no_panel() -> None:
    rows = [["", "项目", "预算数", ""], ["", "一、财政拨款", "1.00", ""], ["", "合计", "1.00", ""]]
    (table,) = read(page(1, "收支总表", grid(rows)))
    assert {row.panel for row in table.rows} == {0} and [v[1] for v in values(table)] == ["一、财政拨款", "合计"]


def test_a_unit_column_gives_the_unit_of_the_value_at_its_left() -> None:
    rows = [["项目名称", "金额", "指标", "本年绩效指标值", "绩效度量单位"], ["甲", "1.00", "合格率", "98", "%"]]
    (table,) = read(page(1, "单位：万元", grid(rows)))
    assert [(v.text, v.unit or v.column.unit) for row in table.rows for v in row.values] == [
        ("1.00", None),
        ("98", "%"),
    ]


def test_a_header_cell_that_names_its_unit_is_no_caption() -> None:
    (table,) = read(page(1, "项目支出表", grid([["项目", "预算数（单位：万元）", "备注"], ["甲", "1.00", "无"]])))
    assert [(v[3], v[4]) for v in values(table)] == [("预算数（单位：万元）", "1.00")]


def test_an_untitled_table_may_be_known_by_its_header() -> None:
    (table,) = read(page(1, grid([["项目名称", "预算数", "绩效目标"], ["甲", "1.00", "完成"]])))
    assert table.rule is not None and table.rule.id == "T_PERFORMANCE"


def test_two_code_lists_in_a_row_stay_apart() -> None:
    rows = [
        ["部门预算支出经济科目", LEFT, "政府预算支出经济科目", LEFT, "合计"],
        ["编码", "名称", "编码", "名称", UP],
        ["30101", "基本工资", "50101", "工资奖金津补贴", "1.00"],
    ]
    (table,) = read(page(1, "基本支出表", grid(rows)))
    (row,) = table.rows
    assert [(group.kind, group.parts) for group in row.codes] == [
        ("department_economic", ["30101"]),
        ("government_economic", ["50101"]),
    ]


def test_two_code_lists_split_over_columns_stay_apart() -> None:
    rows = [
        ["科目编码", LEFT, "部门预算支出经济分类科目名称", "科目编码", LEFT, "政府预算支出经济分类科目名称", "合计"],
        ["类", "款", UP, "类", "款", UP, UP],
        ["301", "01", "基本工资", "501", "01", "工资奖金津补贴", "1.00"],
    ]
    (table,) = read(page(1, "基本支出表", grid(rows)))
    assert [group.parts for row in table.rows for group in row.codes] == [["301", "01"], ["501", "01"]]


def test_rows_without_rules_between_them_are_cut_apart() -> None:
    rows = [
        ["科目", "合计", "基本支出"],
        ["甲\n乙\n丙", "1.00\n2.00\n3.00", "1.00\n2.00\n3.00"],
        ["合计", "6.00", "6.00"],
    ]
    (table,) = read(page(1, "支出总表", grid(rows)))
    assert [(v[0], v[1], v[4]) for v in values(table) if v[3] == "合计"] == [
        (1, "甲", "1.00"), (2, "乙", "2.00"), (3, "丙", "3.00"), (4, "合计", "6.00"),
    ]  # fmt: skip


def test_an_amount_wrapped_in_its_cell_stays_one_amount() -> None:
    (table,) = read(page(1, "支出总表", grid([["科目", "合计", "基本支出"], ["甲", "24995.9\n4", "1,189,767,\n551"]])))
    assert [f.replace("\n", "") for *_, f in values(table)] == ["24995.94", "1,189,767,551"]


def test_a_table_without_rulings_is_noticed_and_prose_is_none() -> None:
    unruled = page(1, *(f"科目{i} 1,234.5{i} 1,000.0{i}" for i in range(5)))
    prose = page(2, *(f"本年收入1,234.5{i}万元，比上年增加1,000.0{i}万元。" for i in range(5)))
    assert has_unruled_columns(unruled) and not has_unruled_columns(prose)
