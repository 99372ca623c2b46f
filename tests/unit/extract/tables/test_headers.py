from __future__ import annotations

import pytest
from drawing import LEFT, UP, grid

from pipelines.catalogue.tables import table_catalogue
from pipelines.extract.tables.headers import read_layout


def paths(rows: list[list[str]]) -> list[str]:
    return ["/".join(column.path) for column in read_layout(grid(rows), table_catalogue()).columns]


def test_merged_headers_become_paths() -> None:
    rows = [
        ["合计", "“三公”经费", LEFT, LEFT, "会议费"],
        [UP, "小计", "公务用车", LEFT, UP],
        [UP, UP, "购置费", "运行\n维护费", UP],
        ["10.00", "8.00", "", "8.00", "2.00"],
    ]
    assert paths(rows) == [
        "合计", "“三公”经费/小计", "“三公”经费/公务用车/购置费", "“三公”经费/公务用车/运行维护费", "会议费",
    ]  # fmt: skip


def test_title_unit_and_column_numbers_inside_the_grid_are_no_header() -> None:
    rows = [
        ["收入支出决算总表", LEFT],
        ["部门：某局", "单位：万元"],
        ["项目", "决算数"],
        ["栏次", "1"],
        ["一、财政拨款收入", "1.00"],
    ]
    layout = read_layout(grid(rows), table_catalogue())
    assert layout.captions[0] == "收入支出决算总表" and layout.header == [2] and layout.body == [4]


@pytest.mark.parametrize(
    "numbering",
    [["类", "款", "项", "栏次", "1", "2"], ["栏次", LEFT, LEFT, LEFT, "1=2+3", "2"], ["甲", LEFT, LEFT, "乙", "1", "2"],
     ["**", "**", "**", "**", "1", "2"]],
)  # fmt: skip
def test_a_row_that_numbers_the_columns_is_neither_header_nor_data(numbering: list[str]) -> None:
    rows = [
        ["项目", LEFT, LEFT, LEFT, "本年支出合计", "基本支出"],
        ["支出功能分类科目编码", LEFT, LEFT, "科目名称", UP, UP],
        numbering,
        ["", "", "", "合计", "3.00", "2.00"],
        ["213", LEFT, LEFT, "农林水支出", "3.00", "2.00"],
    ]
    layout = read_layout(grid(rows), table_catalogue())
    assert (layout.header, layout.numbering, layout.body) == ([0, 1], [2], [3, 4])


def test_a_blank_table_keeps_its_header() -> None:
    layout = read_layout(grid([["科目编码", "科目名称", "合计"], ["", "", ""], ["", "", ""]]), table_catalogue())
    assert layout.header == [0] and layout.body == [1, 2]


def test_a_total_that_shares_its_row_with_header_words_is_data() -> None:
    rows = [
        ["科目编码", LEFT, LEFT, "科目名称", "本年收入合计"],
        ["类", "款", "项", "合计", "2,946.25"],
        ["201", "", "", "一般公共服务支出", "2,112.86"],
    ]
    assert read_layout(grid(rows), table_catalogue()).header == [0]


def test_units_in_headers_belong_to_their_column() -> None:
    rows = [["科目名称", "金额（万元）", "增长率"], ["合计", "1.00", "2.5"]]
    assert [c.unit for c in read_layout(grid(rows), table_catalogue()).columns] == [None, "万元", "%"]
