"""Whose account a document is, from printed pages alone: covers, captions, headings, text, link."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.metadata import DocumentMetadata, LinkFacts, read_metadata
from pipelines.extract.metadata.names import clean_name, merge_region, region_of
from pipelines.extract.metadata.titles import parse_title
from pipelines.extract.pages.model import Box, Cell, Grid, Page, TextLine


def line(text: str, top: float) -> TextLine:
    return TextLine(
        text, [50.0 + 10 * i for i in range(len(text))], [60.0 + 10 * i for i in range(len(text))], top - 10, top
    )


def page(number: int, texts: list[str], cells: list[list[str]] | None = None) -> Page:
    lines = [line(text, 800 - 14 * i) for i, text in enumerate(texts) if text.strip()]
    grids = []
    if cells:
        made = [
            Cell(
                r,
                c,
                1,
                1,
                Box(50 + 90 * c, 380 - 20 * r, 140 + 90 * c, 400 - 20 * r),
                [line(t, 395 - 20 * r)] if t else [],
            )
            for r, row in enumerate(cells)
            for c, t in enumerate(row)
        ]
        grids = [Grid(Box(50, 0, 500, 400), len(cells), len(cells[0]), made, "test", True)]
    glyphs = sum(map(len, texts)) + sum(len(t) for row in cells or [] for t in row)
    return Page(number, 595, 842, 0, lines, grids, glyphs, 0)


def read(*pages: list[str], link: str = "", region: str = "") -> DocumentMetadata:
    return read_metadata([page(i + 1, texts) for i, texts in enumerate(pages)], LinkFacts(link, region))


FACTS = ("department_name", "region_name", "fiscal_year", "kind", "scope")


@pytest.mark.parametrize(
    ("cover", "expected"),
    [
        (["郑州市水利局2023年度部门决算"], ("郑州市水利局", "郑州市", 2023, "final", "department")),
        (
            ["二〇二三年度", "郑州市金水区教育局", "部门决算", "二〇二四年九月"],
            ("郑州市金水区教育局", "郑州市金水区", 2023, "final", "department"),
        ),
        (
            ["中牟县雁鸣湖镇人民政府2022年部门预算公开"],
            ("中牟县雁鸣湖镇人民政府", "中牟县", 2022, "budget", "department"),
        ),
        (["四川省水利厅（本级）", "2024年单位预算"], ("四川省水利厅", "四川省", 2024, "budget", "head")),
        (
            ["监督索引号53230000449501000", "楚雄州农产品质量检测中心2019年度部门决算目录"],
            ("楚雄州农产品质量检测中心", "楚雄州", 2019, "final", "department"),
        ),
        (
            ["歙县自然资源和规划局（歙县林业局）", "2022年度部门决算"],
            ("歙县自然资源和规划局（歙县林业局）", "歙县", 2022, "final", "department"),
        ),
        (["2022年度部门决算（社旗县教育局）"], ("社旗县教育局", "社旗县", 2022, "final", "department")),
        (["2023年度部门决算", "河南省水利厅", "2024年9月"], ("河南省水利厅", "河南省", 2023, "final", "department")),
        (
            ["附件1", "呼和浩特市土默特左旗民政局", "2022年度部门决算公开", "报告"],
            ("呼和浩特市土默特左旗民政局", "呼和浩特市土默特左旗", 2022, "final", "department"),
        ),
        (["2026年深圳市财政局（本级）部门预", "算"], ("深圳市财政局", "深圳市", 2026, "budget", "head")),
        (
            ["上海市2026年市级单位预算", "预算单位：上海水产老干部活动室"],
            ("上海水产老干部活动室", None, 2026, "budget", "unit"),
        ),
        (
            ["江苏省2018年度", "省级部门预算公开报表", "部 门:中共江苏省委办公厅", "江苏省财政厅印制"],
            ("中共江苏省委办公厅", "江苏省", 2018, "budget", "department"),
        ),
        (
            ["２０２４年度", "单位名称：昆明市五华区司法局（公章）", "部门决算"],
            ("昆明市五华区司法局", "昆明市五华区", 2024, "final", "department"),
        ),
        (["云南省财政厅关于2023年度部门决算公开的说明"], ("云南省财政厅", "云南省", 2023, "final", "department")),
        (["国家信访局", "2024年度部门决算"], ("国家信访局", "中央", 2024, "final", "department")),
        (["西安市审计局（汇总）", "2026年部门预算公开说明"], ("西安市审计局", "西安市", 2026, "budget", "department")),
    ],
)
def test_covers(cover: list[str], expected: tuple[object, ...]) -> None:
    found = read(cover, ["目录"])
    assert tuple(getattr(found, field) for field in FACTS) == expected
    assert found.is_account and not found.is_template


def test_without_a_cover_headings_and_text_tell() -> None:
    found = read(
        ["第一部分 部门概况", "一、部门职责", "仁和区人民政府办公室是仁和区人民政府工作部门，挂机关事务管理局牌子。"],
        [
            "第二部分 2023年度部门决算情况说明",
            "2023年度收、支总计均为838.61万元。与2022年度相比，各减少92.55万元。",
            "2023年，仁和区人民政府办公室机关运行经费支出56.83万元。",
            "截至2023年12月31日，会同区财政局管理资产。",
        ],
        region="四川省攀枝花市仁和区",
    )
    assert [getattr(found, f) for f in FACTS] == [
        "仁和区人民政府办公室",
        "四川省攀枝花市仁和区",
        2023,
        "final",
        "department",
    ]
    assert found.title is None
    assert "page 2" in found.evidence["fiscal_year"]


def test_a_tables_only_document_names_its_department_in_captions() -> None:
    body = [
        ["一、财政拨款", "9,066.79", "基本支出", "5,916.27"],
        ["20102", "政协事务", "6,463.55", ""],
        ["2010201", "行政运行", "3,233.03", ""],
    ]
    pages = [
        page(1, ["表一", "收支预算总表", "部门：江苏省政协办公厅 单位：万元"], body),
        page(2, ["表二", "收入预算总表", "部门：江苏省政协办公厅 单位：万元"], body),
    ]
    found = read_metadata(pages, LinkFacts("2017年度部门预算公开表", "江苏省"))
    assert [getattr(found, f) for f in FACTS] == ["江苏省政协办公厅", "江苏省", 2017, "budget", "department"]
    assert found.part == "tables"
    assert found.evidence["fiscal_year"] == "link: '2017年度部门预算公开表'"
    # Seven-digit codes such as 2010201 are no years.
    assert read_metadata(pages, LinkFacts()).fiscal_year is None


def test_a_label_in_a_cell_names_the_department() -> None:
    cells = [["部门名称", "北京市审计局", ""], ["预算01表 收支总表", "", ""], ["预算02表 收入总表", "", "1,000.00"]]
    assert read_metadata([page(1, ["2026（年度）"], cells)], LinkFacts()).department_name == "北京市审计局"


def test_compared_years_and_dates_are_not_the_fiscal_year() -> None:
    found = read(
        ["某局工作总结"],
        [
            "第二部分 部门决算情况说明",
            "截至2025年8月31日完成《2025年任务书》。",
            "比2024年度收入增加3.00万元，与2024年度支出相比减少。",
            "2023年度收入支出总计100.00万元。",
        ],
    )
    assert found.fiscal_year == 2023


def test_a_form_is_a_template_but_one_left_over_heading_is_not() -> None:
    form = ["收入支出总计XXX万元，增长（下降）XX%。"] * 12
    found = read(["上海市XX局", "2024年度部门决算"], form)
    assert found.is_template and found.department_name is None and found.fiscal_year == 2024
    assert "a blank form" in found.account_reason
    filled = read(["上海市普陀区财政局", "2024年度部门决算"], ["第二部分 上海市普陀区XX局2023年度部门决算表"])
    assert (filled.is_template, filled.department_name, filled.fiscal_year) == (False, "上海市普陀区财政局", 2024)


@pytest.mark.parametrize(
    "lines",
    [
        ["关于印发突发事件应急预案管理实施办法的通知", "各市人民政府："],
        ["关于编制2024年部门预算的通知", "各预算单位："],
        ["工业企业行政合规指导清单", "序号"],
        ["郑州市2023年预算执行情况和2024年预算草案的报告", "各位代表："],
    ],
)
def test_other_documents_are_no_accounts_and_say_why(lines: list[str]) -> None:
    found = read(lines)
    assert not found.is_account
    assert lines[0][-6:] in found.account_reason
    assert [getattr(found, f) for f in FACTS] == [None] * 5


def test_scanned_pages_tell_nothing_but_the_link_may() -> None:
    scanned = [page(i, []) for i in (1, 2)]
    blind = read_metadata(scanned, LinkFacts("", "北京"))
    assert (blind.part, blind.kind, blind.region_name) == ("image", None, "北京")
    assert "no text" in blind.evidence["kind"]
    assert read_metadata(scanned, LinkFacts("北京市审计局2026年部门预算", "北京")).fiscal_year == 2026


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("深圳市市场监督管理局深汕监管局", "深圳市"),
        ("上海市域外农场管理办公室", "上海市"),
        ("江苏省城市规划中心", "江苏省"),
        ("九江市濂溪区社区服务中心", "九江市濂溪区"),
        ("中国共产党江苏省委员会办公厅", "江苏省"),
        ("福州经济技术开发区生态环境局", None),
        ("恩施土家族苗族自治州林业局", "恩施土家族苗族自治州"),
        ("省人大办公厅", None),
        ("国家税务总局包头市税务局", "包头市"),
        ("湘西州凤凰县水利局", "湘西州凤凰县"),
        ("荆州市沙市区教育局", "荆州市沙市区"),
        ("德州市陵城区民政局", "德州市陵城区"),
    ],
)
def test_region_of_a_name(name: str, region: str | None) -> None:
    assert region_of(name) == region


@pytest.mark.parametrize(
    ("printed", "portal", "region"),
    [
        ("上海市普陀区", "上海", "上海市普陀区"),
        ("深圳市", "深圳", "深圳"),
        ("仁和区", "四川省攀枝花市仁和区", "四川省攀枝花市仁和区"),
        ("上海市", "北京", "上海市"),
        (None, "福州", "福州"),
        ("包头市", "", "包头市"),
        (None, "", None),
    ],
)
def test_region_of_a_document(printed: str | None, portal: str, region: str | None) -> None:
    assert merge_region(printed, portal)[0] == region


@given(
    place=st.sampled_from(["贵州省", "南宁市青秀区", "渠县", "黔东南苗族侗族自治州", "天津市和平区", ""]),
    body=st.sampled_from(["财政局", "人民政府办公室", "第一中学", "委员会宣传部", "疾病预防控制中心", "人民检察院"]),
    year=st.integers(2015, 2030),
    shape=st.sampled_from(["{n}{y}{a}", "{y}{n}{a}", "{n}（汇总）{y}{a}", "{y}{n}（本级）{a}"]),
    account=st.sampled_from(["部门决算", "单位预算", "部门综合预算公开说明", "部门决算公开报告", "部门预算信息公开"]),
)
def test_titles_come_apart_again(place: str, body: str, year: int, shape: str, account: str) -> None:
    name = place + body
    text = shape.format(n=name, y=f"{year}年度", a=account).replace("（", "(").replace("）", ")")
    title = parse_title(text)
    assert title is not None
    assert (title.name, title.year) == (name, year)
    assert title.kind == ("final" if "决算" in account else "budget")
    assert title.scope == ("head" if "本级" in shape else "unit" if "单位" in account else "department")


@given(st.text(alphabet="某局预算决算部门单位年度2023()（）:：、。XX 一二", max_size=60))
def test_any_text_is_survived(text: str) -> None:
    read([text], [text], link=text)
    clean_name(text)
