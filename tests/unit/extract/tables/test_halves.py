"""A table over two page widths: its halves tell each other unit, codes and labels."""

from __future__ import annotations

from drawing import grid, page

from pipelines.catalogue.tables import table_catalogue
from pipelines.extract.tables.logical import Table, read_tables

LEFT = grid(
    [
        ["科目编码", "科目名称", "合计"],
        ["201", "一般公共服务支出", "463,892.00"],
        ["208", "社会保障和就业支出", "2,390.00"],
    ]
)
RIGHT = grid([["其他收入"], ["863.50"], ["390.00"]])


def halves(title: str, other: str) -> list[Table]:
    pages = [page(1, title, "编制单位：某某局", LEFT), page(2, other, "单位：元", RIGHT)]
    return read_tables(pages, table_catalogue())


def test_the_right_half_has_the_rows_of_the_left_and_the_left_the_unit_of_the_right() -> None:
    left, right = halves("2026年预算单位收入预算总表", "26年预算单位收入预算总表")
    assert [table.unit for table in (left, right)] == ["元", "元"]
    assert [(row.labels, [v.text for v in row.values]) for row in right.rows] == [
        (["一般公共服务支出"], ["863.50"]),
        (["社会保障和就业支出"], ["390.00"]),
    ]
    assert [[group.parts for group in row.codes] for row in right.rows] == [[["201"]], [["208"]]]


def test_another_table_on_the_next_page_is_no_half() -> None:
    left, right = halves("2026年预算单位收入预算总表", "2026年预算单位支出预算总表")
    assert (left.unit, right.unit) == (None, "元")
    assert not any(row.labels for row in right.rows)
