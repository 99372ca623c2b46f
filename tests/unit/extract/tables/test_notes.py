"""Notes that declare a table empty, told from those of one part and from those of another table."""

from __future__ import annotations

import pytest
from drawing import grid, line, page

from pipelines.catalogue.tables import table_catalogue
from pipelines.extract.tables.logical import Table, read_tables

AMOUNTS = [["合计", "因公出国（境）费", "公务接待费"], ["47.91", "1.35", "46.56"]]
FUNDS = [["科目编码", "科目名称", "合计"], ["212", "城乡社区支出", "5.00"]]


def read(*content: object) -> list[Table]:
    return read_tables([page(1, *content)], table_catalogue())


@pytest.mark.parametrize(
    ("title", "rows", "note"),
    [
        ("“三公”经费和机关运行经费预算表", AMOUNTS, "注:本部门2024年无“三公”经费和机关运行经费预算，故本表为空表。"),
        ("“三公”经费支出预算表", AMOUNTS, "备注：本单位2026年度没有一般公共预算安排的“三公”经费支出。"),
        ("政府性基金预算支出表", FUNDS, "（注：2026年没有使用政府性基金预算拨款安排的支出。）"),
        ("政府性基金预算支出表", FUNDS, "说明：某市应急管理局无政府性基金预算，故本表无数据。"),
        ("国有资本经营预算支出表", FUNDS, "(无国有资本经营预算支出）"),
    ],
)
def test_a_note_of_the_whole_table_counts_whatever_stands_in_it(title: str, rows: list[list[str]], note: str) -> None:
    (table,) = read(title, grid(rows), note)
    assert table.empty_note is not None and table.empty_note.text == note
    assert any(row.values for row in table.rows)


@pytest.mark.parametrize(
    ("title", "rows", "note"),
    [
        ("“三公”经费支出预算表", AMOUNTS, "注：2026年没有安排因公出国（境）费预算支出。"),
        ("“三公”经费支出预算表", AMOUNTS, "注：本部门“三公”经费中没有安排公务用车购置费。"),
        ("收入支出预算总表", AMOUNTS, "注：本部门无政府性基金预算拨款收入。"),
        ("政府性基金预算支出表", FUNDS, "注：如本表为空表，则本部门没有政府性基金预算支出。"),
        ("政府性基金预算支出表", FUNDS, "注：无政府性基金预算支出的，仍公开空表。"),
        ("政府性基金预算支出表", FUNDS, "本部门无政府性基金预算支出。"),
        ("政府性基金预算支出表", FUNDS, "注：政府性基金预算财政拨款无年初结转，支出均为当年安排。"),
        ("政府性基金预算支出表", FUNDS, "注：无。"),
        ("“三公”经费支出预算表", AMOUNTS, "注：车辆上年已更新，故未安排购置支出。"),
        ("政府性基金预算支出表", FUNDS, "注：无数据的科目不列示。"),
    ],
)
def test_notes_of_a_part_and_of_other_tables_do_not(title: str, rows: list[list[str]], note: str) -> None:
    (table,) = read(title, grid(rows), note)
    assert table.empty_note is None


def test_the_note_of_the_next_table_is_not_this_ones() -> None:
    first, second = read(
        "政府性基金预算支出表", grid(FUNDS),
        "国有资本经营预算支出表", grid([FUNDS[0], ["", "", ""]]), "注：本部门没有国有资本经营预算支出，故本表无数据。",
    )  # fmt: skip
    assert first.empty_note is None
    assert second.empty_note is not None


def test_a_note_above_the_next_title_ends_there() -> None:
    (table,) = read("政府性基金预算支出表", grid(FUNDS), "国有资本经营预算支出表", "注：本部门无该项目，故本表无数据。")
    assert table.empty_note is None


def test_a_wrapped_note_is_one() -> None:
    (table,) = read(
        "政府性基金预算支出表", grid(FUNDS),
        line("备注：本单位2026年没有使用政府性基金预算拨款安排的支", 60.0, 600.0, 12.0),
        line("出。", 60.0, 580.0, 12.0), line("10", 300.0, 540.0, 12.0),
    )  # fmt: skip
    assert table.empty_note is not None
    assert table.empty_note.text == "备注：本单位2026年没有使用政府性基金预算拨款安排的支出。"
    assert table.empty_note.box.y0 == 580.0 and table.empty_note.box.y1 == 612.0


def test_a_short_line_ends_the_note() -> None:
    (table,) = read("政府性基金预算支出表", grid(FUNDS), "注：本部门无该项目", "公开10表")
    assert table.empty_note is not None and table.empty_note.text == "注：本部门无该项目"


INDEX = [
    ["报表", "报表名称", "是否空表", "公开空表理由"],
    ["表1", "2022年部门综合预算收支总表", "否", ""],
    ["表2", "2022年部门政府性基金收支表", "是", "不涉及"],
]


def test_a_list_of_the_tables_says_which_are_empty() -> None:
    lists, total, funds = read_tables(
        [
            page(1, grid(INDEX)),
            page(2, "2022年部门综合预算收支总表", grid([["项目", "金额"], ["一、财政拨款", "9.00"]])),
            page(3, "2022年部门政府性基金收支表（不含上年结转）", grid([FUNDS[0], ["", "", ""]])),
        ],
        table_catalogue(),
    )
    assert lists.empty_note is None and total.empty_note is None
    assert funds.empty_note is not None and funds.empty_note.page.number == 1
    assert funds.empty_note.text == "表2 2022年部门政府性基金收支表 是 不涉及"


def test_a_list_that_fits_several_tables_declares_none_of_them() -> None:
    other = grid([FUNDS[0], ["", "", ""]])
    pages = [page(1, grid(INDEX)), page(2, "政府性基金收入表", other), page(3, "政府性基金支出表", other)]
    assert [table.empty_note for table in read_tables(pages, table_catalogue())] == [None, None, None]
