"""What goes in comes out: random budgets are typeset, and every figure must stand in its row and column.

`budgets` makes the documents, `expected_figures` says what a reader must find. First the tool is held to it (the text
layer has each value in its cell), then the reader of `pipelines.extract`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.extract.document import read_document
from pipelines.extract.metadata import LinkFacts
from pipelines.typeset.fonts import FontMissingError, builtin_song, embedded_song
from pipelines.typeset.render import SAMPLE_NOTE, ExpectedFigure, Typeset, expected_figures, typeset
from pipelines.typeset.spec import Column, Cover, Document, SpecError, Table, Text, load_document

SAMPLES = Path(__file__).parents[3] / "raw" / "samples"

FUNCTIONS = {
    "201": ("一般公共服务支出", {"03": "政府办公厅（室）及相关机构事务", "06": "财政事务", "32": "组织事务"}),
    "208": ("社会保障和就业支出", {"05": "行政事业单位养老支出", "07": "就业补助"}),
    "210": ("卫生健康支出", {"11": "行政事业单位医疗"}),
    "212": ("城乡社区支出", {"01": "城乡社区管理事务", "99": "其他城乡社区支出"}),
    "221": ("住房保障支出", {"02": "住房改革支出"}),
}
ITEMS = {"01": "行政运行", "02": "一般行政管理事务", "05": "机关事业单位基本养老保险缴费支出", "99": "其他支出"}
INCOME = ["一、一般公共预算财政拨款收入", "二、政府性基金预算财政拨款收入", "三、上级补助收入", "四、其他收入"]


@cache
def song() -> str:
    """The typeface of the samples where it is installed; elsewhere one the text layer of which is the same."""
    try:
        return embedded_song()
    except FontMissingError:
        return builtin_song()


# --- random budgets --------------------------------------------------------------------------------------------

Codes = tuple[str, str, str]
Tree = dict[Codes, tuple[str, list[Decimal]]]


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """类, 款 and 项 with amounts for basic and project expenditure; each level is the sum of the one below it."""
    cents = st.integers(0, 9_999_999_99).map(lambda number: Decimal(number).scaleb(-2)) | st.just(Decimal(0))
    tree: Tree = {}
    for top in draw(st.lists(st.sampled_from(sorted(FUNCTIONS)), min_size=1, max_size=4, unique=True).map(sorted)):
        name, groups = FUNCTIONS[top]
        tree[top, "", ""] = (name, [])
        for group in draw(st.lists(st.sampled_from(sorted(groups)), min_size=1, unique=True).map(sorted)):
            tree[top, group, ""] = (groups[group], [])
            for item in draw(st.lists(st.sampled_from(sorted(ITEMS)), min_size=1, unique=True).map(sorted)):
                tree[top, group, item] = (ITEMS[item], [draw(cents), draw(cents)])
            _sum_up(tree, (top, group, ""), [key for key in tree if key[:2] == (top, group) and key[2]])
        _sum_up(tree, (top, "", ""), [key for key in tree if key[0] == top and key[1] and not key[2]])
    return tree


def _sum_up(tree: Tree, parent: Codes, children: list[Codes]) -> None:
    amounts = [sum((tree[child][1][nature] for child in children), Decimal(0)) for nature in (0, 1)]
    tree[parent] = (tree[parent][0], amounts)


@st.composite
def by_function(draw: st.DrawFn) -> Table:
    """支出决算表: codes split or joined, total first or last, on as many pages as it takes."""
    tree = draw(trees())
    zero = draw(st.sampled_from(["", "0", "0.00"]))
    printed = _printer(draw(st.booleans()), zero)
    split = draw(st.booleans())

    def amounts(basic: Decimal, project: Decimal) -> list[str]:
        return [printed(basic + project), printed(basic), printed(project)]

    body = [
        [*(codes if split else ("".join(codes),)), name, *amounts(*natures)] for codes, (name, natures) in tree.items()
    ]
    tops = [natures for codes, (_, natures) in tree.items() if not codes[1]]
    total_amounts = amounts(sum((n[0] for n in tops), Decimal(0)), sum((n[1] for n in tops), Decimal(0)))
    total_label = draw(st.sampled_from(["合计", "合 计"]))
    merged = draw(st.booleans())
    codes_wide = 3 if split else 1
    total = [total_label, *["<"] * codes_wide] if merged else [*[""] * codes_wide, total_label]
    first = draw(st.booleans())
    rows = [[*total, *total_amounts], *body] if first else [*body, [*total, *total_amounts]]
    code = [Column(name=name, kind="code", width=30) for name in ("类", "款", "项")]
    group = Column(name="支出功能分类科目编码", columns=code) if split else None
    return Table(
        title="支出决算表",
        columns=[
            Column(
                name="项目",
                columns=[
                    group or Column(name="科目编码", kind="code", width=60),
                    Column(name="科目名称", kind="label", width=draw(st.integers(70, 260))),
                ],
            ),
            Column(name="本年支出合计", width=80),
            Column(name="基本支出", width=80),
            Column(name="项目支出", width=80),
        ],
        rows=rows,
        repeat_header=draw(st.booleans()),
        rows_per_page=draw(st.none() | st.integers(3, 20)),
        first_row_in_header=split and first and not merged and draw(st.booleans()),
        **draw(appearances()),
    )


@st.composite
def panels(draw: st.DrawFn) -> Table:
    """收入支出决算总表: income and expenditure side by side, blanks where the other side goes on."""
    tree = draw(trees())
    printed = _printer(draw(st.booleans()), "")
    spent = [(name, sum(natures, Decimal(0))) for codes, (name, natures) in tree.items() if not codes[1]]
    total = sum((amount for _, amount in spent), Decimal(0))
    income = INCOME[: draw(st.integers(1, len(INCOME)))]
    rows = []
    for number in range(max(len(income), len(spent))):
        left = [income[number], printed(total) if number == 0 else ""] if number < len(income) else ["", ""]
        right = [spent[number][0], printed(spent[number][1])] if number < len(spent) else ["", ""]
        rows.append(left + right)
    rows.append(["总计", printed(total), "总计", printed(total)])
    label = draw(st.integers(80, 170))
    side = [Column(name="项目", kind="label", width=label), Column(name="决算数", width=80)]
    return Table(
        title="收入支出决算总表",
        columns=[Column(name="收入", columns=side), Column(name="支出", columns=side)],
        rows=rows,
        rows_per_page=draw(st.none() | st.integers(2, 20)),
        **draw(appearances()),
    )


@st.composite
def economic_halves(draw: st.DrawFn) -> Table:
    """一般公共预算财政拨款基本支出决算表: two halves with codes of their own, paired by nothing but the paper."""
    printed = _printer(draw(st.booleans()), draw(st.sampled_from(["", "0.00"])))
    cents = st.integers(0, 99_999_99).map(lambda number: Decimal(number).scaleb(-2))
    split = draw(st.booleans())

    def half(top: str, name: str) -> tuple[list[list[str]], Decimal]:
        amounts = draw(st.lists(cents, min_size=1, max_size=12))
        lines = [(top, "", name, sum(amounts, Decimal(0)))]
        lines += [(top, f"{number:02}", f"{name}之{number}", amount) for number, amount in enumerate(amounts, 1)]
        rows = [[*((first, rest) if split else (first + rest,)), label, printed(n)] for first, rest, label, n in lines]
        return rows, sum(amounts, Decimal(0))

    (left, personnel), (right, public) = half("301", "工资福利支出"), half("302", "商品和服务支出")
    blank = [""] * len(left[0])
    longest = max(len(left), len(right))
    pairs = zip([*left, *[blank] * (longest - len(left))], [*right, *[blank] * (longest - len(right))], strict=True)
    merged = ["<"] * (len(blank) - 2)
    total = ["人员经费合计", *merged, printed(personnel), "公用经费合计", *merged, printed(public)]
    code = [Column(name=name, kind="code", width=30) for name in ("类", "款")]
    side = [
        Column(name="经济分类科目编码", columns=code) if split else Column(name="科目编码", kind="code", width=50),
        Column(name="科目名称", kind="label", width=draw(st.integers(50, 120))),
        Column(name="决算数", width=70),
    ]
    return Table(
        title="一般公共预算财政拨款基本支出决算表",
        columns=side * 2,
        rows=[*([*one, *other] for one, other in pairs), total],
        rows_per_page=draw(st.none() | st.integers(4, 20)),
        **draw(appearances()),
    )


@st.composite
def three_public(draw: st.DrawFn) -> Table:
    """财政拨款“三公”经费支出决算表: one row under four header levels, any of its twelve cells blank."""
    cents = st.integers(1, 99_999_99).map(lambda number: f"{Decimal(number).scaleb(-2):,.2f}")

    def stages(name: str) -> Column:
        return Column(name=name, columns=[Column(name="预算数", width=60), Column(name="决算数", width=60)])

    vehicles = [stages("小计"), stages("公务用车购置费"), stages("公务用车运行维护费")]
    parts = [
        stages("合计"),
        stages("因公出国（境）费"),
        Column(name="公务用车购置及运行维护费", columns=vehicles),
        stages("公务接待费"),
    ]
    return Table(
        title="财政拨款“三公”经费支出决算表",
        columns=[Column(name="财政拨款“三公”经费", columns=parts)],
        rows=[draw(st.lists(cents | st.sampled_from(["", "0.00"]), min_size=12, max_size=12))],
        **draw(appearances()) | {"landscape": True},
    )


@st.composite
def revenue_groups(draw: st.DrawFn) -> Table:
    """收入预算总表: labels on two levels, the group merged over its items and, if need be, over a page break."""
    cents = st.integers(0, 99_999_99).map(lambda number: f"{Decimal(number).scaleb(-2):,.2f}") | st.just("")
    groups = {"一般公共预算资金": ["财政拨款", "专项收入"], "政府性基金": [], "其他资金": ["事业收入", "经营收入"]}
    rows = [["收入总计", "<", draw(cents)]]
    for group, items in groups.items():
        rows.append([group, draw(st.sampled_from(["小计", "小 计"])), draw(cents)])
        rows += [["^", item, draw(cents)] for item in items[: draw(st.integers(0, 2))]]
    label = Column(name="项目名称", columns=[Column(name="", kind="label", width=width) for width in (90, 160)])
    return Table(
        title="收入预算总表",
        columns=[label, Column(name="金额", width=90)],
        rows=rows,
        rows_per_page=draw(st.none() | st.integers(3, 8)),
        **draw(appearances()),
    )


@st.composite
def appearances(draw: st.DrawFn) -> dict[str, object]:
    """The ways a table may look that do not change what it says."""
    return {
        "landscape": draw(st.booleans()),
        "rotate": draw(st.booleans()),
        "new_page": draw(st.booleans()),
        "caption": draw(st.sampled_from(["above", "inside"])),
        "rulings": draw(st.sampled_from(["strokes", "fills", "dots", "white"])),
        "size": draw(st.sampled_from([8.0, 10.0, 12.0])),
        "department": "部门：某某市财政局",
    }


def _printer(thousands: bool, zero: str) -> Callable[[Decimal], str]:
    def printed(amount: Decimal) -> str:
        return (f"{amount:,.2f}" if thousands else f"{amount:.2f}") if amount else zero

    return printed


@st.composite
def budgets(draw: st.DrawFn) -> Document:
    """A document with its cover and some tables, in any order."""
    kinds = st.permutations([by_function(), panels(), economic_halves(), three_public(), revenue_groups()])
    tables = [draw(kind) for kind in draw(kinds)[: draw(st.integers(1, 4))]]
    return Document(
        link_title="某某市财政局2023年度部门决算",
        portal_region="某某市",
        page_number=draw(st.sampled_from(["", "{}", "- {} -", "─ {} ─"])),
        blocks=[
            Cover(lines=["某某市财政局", "2023年度部门决算"]),
            Text(body="# 第二部分 2023年度部门决算表"),
            *tables,
        ],
    )


# --- reading the PDF back --------------------------------------------------------------------------------------


def printed_in(result: Typeset) -> list[str]:
    """What the PDF's text layer holds in the box of each figure."""
    pdf = pypdfium2.PdfDocument(result.pdf)
    try:
        pages = [(page, page.get_textpage()) for page in pdf]
        texts = []
        for figure in result.figures:
            page, text = pages[figure.page - 1]
            x0, y0, x1, y1 = figure.box
            if page.get_rotation() == 90:
                x0, y0, x1, y1 = page.get_height() - y1, x0, page.get_height() - y0, x1
            texts.append(text.get_text_bounded(x0, y0, x1, y1).strip())
        return texts
    finally:
        pdf.close()


def texts_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def places(figures: list[ExpectedFigure]) -> list[tuple[str, int, str, str]]:
    return [(figure.table_title, figure.row_no, figure.label, figure.column_path) for figure in figures]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(budgets())
def test_every_figure_is_printed_in_its_cell(document: Document) -> None:
    result = typeset(document, song())
    assert printed_in(result) == [figure.value_text for figure in result.figures]
    assert result.figures == expected_figures(document, song())
    cells = sum(
        text not in ("", "<") and column >= len(row) - 3
        for block in document.blocks
        if isinstance(block, Table) and block.title == "支出决算表"
        for row in block.rows
        for column, text in enumerate(row)
    )
    assert cells == sum(figure.table_title == "支出决算表" for figure in result.figures)
    assert len(set(places(result.figures))) == len(result.figures)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=budgets())
def test_the_reader_gives_every_figure_back(tmp_path_factory: pytest.TempPathFactory, document: Document) -> None:
    result = typeset(document, song())
    path = tmp_path_factory.mktemp("budget") / "budget.pdf"
    path.write_bytes(result.pdf)
    reading = read_document(
        path, sha256(result.pdf).hexdigest(), LinkFacts(document.link_title, document.portal_region)
    )
    found = Counter(
        (
            figure["page"],
            figure["table_title"],
            figure["row_no"],
            figure["subject_code"] or "",
            "".join(figure["row_label"].split()),
            figure["column_path"],
            figure["value_text"],
        )
        for figure in reading.figures
        if figure["source_kind"] == "table" and figure["value_text"]
    )
    expected = Counter(
        (
            figure.page,
            figure.table_title,
            figure.row_no,
            figure.code,
            figure.label,
            figure.column_path,
            figure.value_text,
        )
        for figure in result.figures
    )
    assert found == expected


# --- the rules of the expected figures -------------------------------------------------------------------------


def table(columns: list[Column], *rows: list[str]) -> list[ExpectedFigure]:
    block = Table(title="表", columns=columns, rows=[*rows])
    return expected_figures(Document(link_title="", portal_region="", blocks=[block]), song())


def test_two_level_labels_and_merged_labels() -> None:
    label = Column(name="项目名称", columns=[Column(name="", kind="label", width=60)] * 2)
    figures = table(
        [label, Column(name="金额", width=60)],
        ["收入总计", "<", "3.00"],
        ["其他资金", "小 计", "3.00"],
        ["", "", ""],
        ["其他", "事业\n收入", ""],
        ["^", "其他收入", "0"],
    )
    assert [(figure.row_no, figure.label, figure.column_path, figure.value_text) for figure in figures] == [
        (1, "收入总计", "金额", "3.00"),
        (2, "其他资金/小计", "金额", "3.00"),
        (4, "其他/其他收入", "金额", "0"),
    ]


def test_a_label_over_several_columns_belongs_to_the_value_at_its_right() -> None:
    def side(name: str) -> Column:
        return Column(name=name, columns=[Column(name="项目", kind="label", width=60), Column(name="金额", width=60)])

    figures = table([side("功能分类"), side("支出用途")], ["支出合计", "<", "<", "5.00"])
    assert [(figure.label, figure.column_path) for figure in figures] == [("支出合计", "支出用途/金额")]


def test_a_value_that_cannot_fit_is_an_error() -> None:
    with pytest.raises(SpecError, match=r"12,345,678\.00 does not fit"):
        table([Column(name="项目", kind="label", width=980), Column(name="金额", width=20)], ["合计", "12,345,678.00"])


def test_a_missing_typeface_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(FontMissingError, match="apt-get install"):
        embedded_song(tmp_path / "uming.ttc")


# --- the committed samples -------------------------------------------------------------------------------------


@pytest.mark.parametrize("specification", sorted(SAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_committed_samples_are_what_their_figures_say(specification: Path) -> None:
    try:
        font = embedded_song()
    except FontMissingError as error:
        pytest.skip(str(error))
    document = load_document(specification)
    result = typeset(document, font)
    assert result == typeset(document, font), "the same document, the same bytes"
    assert printed_in(result) == [figure.value_text for figure in result.figures]
    # Text rather than bytes: those depend on the zlib of the machine too.
    committed = texts_of(specification.with_suffix(".pdf").read_bytes())
    assert committed == texts_of(result.pdf), "typeset it again: python -m pipelines.typeset raw/samples"


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.pdf")), ids=lambda path: path.stem)
def test_every_sample_page_says_that_it_is_one(path: Path) -> None:
    texts = texts_of(path.read_bytes())
    assert texts
    assert all(SAMPLE_NOTE in text for text in texts)
