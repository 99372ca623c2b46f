"""Lists of the units an account covers, and sentences that only look like one."""

from __future__ import annotations

import pytest
from drawing import grid, page

from pipelines.extract.units import ListedUnit, read_units


def names(*content: object) -> list[str]:
    return [unit.name for unit in read_units([page(4, *content)])]


@pytest.mark.parametrize(
    ("sentence", "units", "stated"),
    [
        ("纳入本部门2026年部门汇总预算编制范围的预算单位共计2家，具体包括：某市自然资源和规划局（本级），某市规划展示馆。",
         ["某市自然资源和规划局(本级)", "某市规划展示馆"], 2),
        ("某市审计局所属2个预算单位，分别为某市审计局本级和某市审计局综合事务中心。",
         ["某市审计局本级", "某市审计局综合事务中心"], 2),
        ("某市司法局下属二个二级预算单位，分别是：某市司法局本级，属行政单位；某市法律援助中心，属事业单位。",
         ["某市司法局本级", "某市法律援助中心"], 2),
        ("纳入编制范围的预算单位共计1家，仅包括省委办公厅本级，不含东郊宾馆（自收自支）。", ["省委办公厅本级"], 1),
        ("纳入编制范围的预算单位包括：某市局（本级）、某气象台（甲中心、乙中心）。",
         ["某市局(本级)", "某气象台(甲中心、乙中心)"], None),
        ("本部门无下属单位，部门预算为局本级预算。", ["本级"], 1),
        ("本部门下设20个处室，所属单位包括：某市培训中心。", [], None),
        ("本部门3个预算单位开展了绩效目标编报工作，编报绩效目标的项目49个。", [], None),
        ("纳入编制范围的预算单位包括：甲、见2025年报告。", [], None),
    ],
)  # fmt: skip
def test_units_of_a_sentence(sentence: str, units: list[str], stated: int | None) -> None:
    found = read_units([page(4, sentence)])
    assert [unit.name for unit in found] == units
    assert {unit.stated for unit in found} <= {stated}


def test_units_numbered_below_with_what_is_said_of_each() -> None:
    found = read_units(
        [page(5, "本部门中，行政单位1家，事业单位2家，具体包括：", "1.某委本部，设9个内设机构。",
              "2.某区服务中心，不单列预算。",
              "3.某区队。", "5.名词解释。")]
    )  # fmt: skip
    assert found == [
        ListedUnit(5, "某委本部", "text", False, 3),
        ListedUnit(5, "某区服务中心", "text", True, 3),
        ListedUnit(5, "某区队", "text", False, 3),
    ]


def test_units_below_the_own_office() -> None:
    sentence = "本部门预算包括：局本级预算，以及纳入编制范围的下属单位预算。"
    assert names(sentence, "下属单位具体包括：某市普查中心、某市监测中心。") == ["本级", "某市普查中心", "某市监测中心"]


def test_a_table_of_units_with_the_number_stated_above_it() -> None:
    rows = [["序号", "单位名称", "备注"], ["1", "某市局（本级）", ""], ["2", "某局财政所", "预算不单列，并入本级"]]
    first = page(8, "纳入本部门预算编制范围的二级预算单位共有3个，包括：", grid(rows))
    second = page(9, grid([["3", "某市中心", ""]]), grid([["序号", "会议名称", "备注"], ["1", "决算会", ""]]))
    assert read_units([first, second]) == [
        ListedUnit(8, "某市局(本级)", "table", False, 3),
        ListedUnit(8, "某局财政所", "table", True, 3),
        ListedUnit(8, "某市中心", "table", False, 3),
    ]
