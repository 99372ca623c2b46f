"""`juesuan explain`: from a number of a mart to the place it is printed at, and from there back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

import pypdfium2 as pdfium
import pytest
import yaml
from click.testing import Result
from PIL import Image

from pipelines.collect.archive import Archive
from pipelines.contracts import CONTRACTS, Column, Contract
from pipelines.contracts.vocabulary import VERDICTS
from pipelines.normalise.corrections import load_corrections
from pipelines.settings import RAW, Home, home_at
from pipelines.warehouse import printed
from pipelines.warehouse.behind import counted, leading_columns
from pipelines.warehouse.explain import Question, draw, explain_row, explain_value
from pipelines.warehouse.query import query
from pipelines.words import squash

SAMPLES = RAW / "samples"
Command = Callable[..., Result]


@pytest.fixture(scope="module")
def demo(juesuan: Command, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The warehouse of all samples."""
    home = home_at(tmp_path_factory.mktemp("demo"))
    result = juesuan("build", SAMPLES, "--links", SAMPLES / "links.csv", "--home", home.root)
    assert result.exit_code == 0, result.output
    return home


@pytest.fixture
def home(demo: Home, tmp_path: Path) -> Home:
    """A copy of the demo that may be changed."""
    shutil.copytree(demo.root, tmp_path / "home", symlinks=True)
    (tmp_path / "home" / "juesuan.duckdb").unlink()
    (tmp_path / "home" / "juesuan.duckdb").symlink_to(Path("builds") / demo.warehouse.resolve().name)
    return home_at(tmp_path / "home")


NPC, CPPCC, RENHE = "省人大常委会", "省政协", "仁和区"
PUTUO, WANLI = "普陀区财政局", "万里街道"
ASKED = [
    (Question(NPC, 2018, "agency_running_cost"), "51,953.29", ["1579.38", "200名", "104名"]),
    (Question(NPC, 2019, "basic"), "275,529.59", ["9312.90"]),
    (Question(NPC, 2017, "basic_public"), "57,881.75", ["1585.96"]),
    (Question(RENHE, 2023, "机关运行经费"), "18,943.33", ["56.83"]),
    (Question(RENHE, 2023, "basic_personnel"), "212,530", ["637.59"]),
    (Question(CPPCC, 2018, "公务接待费"), "-6.9899", ["412.50", "443.50", "减少31"]),
    (Question(NPC, 2019, "three_public"), "-660,000", ["767.60", "833.60"]),
    (Question(WANLI, 2025, "three_public_ex_purchase"), "229,100", ["37.91", "15"]),
    (Question(PUTUO, 2024, "three_public", stage="initial_budget"), "9,500", ["0.95"]),
    (Question(RENHE, 2023, "three_public_vehicle"), "98,700", ["5.05", "减少4.82"]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "value", "texts"), ASKED)
def test_a_value_leads_to_the_figures_printed_for_it(
    demo: Home, question: Question, value: str, texts: list[str]
) -> None:
    found = explain_value(demo, question)
    assert re.search(rf" {re.escape(value)} ", found.text()), found.text()
    figures = [printed.find_figure(demo.warehouse, figure_id) for figure_id in found.figure_ids]
    assert set(texts) <= {re.sub("[,万元]", "", squash(figure["value_text"])) for figure in figures}
    for figure in figures:
        # A word of direction (减少) is part of what is printed, and its box that of the number.
        text = in_box(demo, figure)
        assert re.search("[0-9]|无", text) and squash(figure["value_text"]).endswith(text)


def in_box(home: Home, figure: printed.Row) -> str:
    """What pdfium finds in the figure's box by its own means."""
    with pdfium.PdfDocument(Archive(home.archive).path(figure["document_id"])) as pdf:
        text = pdf[figure["page"] - 1].get_textpage()
        return squash(text.get_text_bounded(figure["x0"], figure["y0"], figure["x1"], figure["y1"]))


@pytest.mark.parametrize(
    ("mart", "column", "formula", "digits"),
    [
        (contract.name, column.name, column.formula, column.type[-2] if column.type[-1] == ")" else "0")
        for contract in CONTRACTS.values()
        for column in contract.columns
        if column.formula
    ],
)
def test_formulas_are_what_the_marts_compute(demo: Home, mart: str, column: str, formula: str, digits: str) -> None:
    off = f"abs({column} - ({formula})) > 0.51 / 10 ** {digits}"
    sql = f"select count({column}), coalesce(count_if({off}), 0) from {mart}"
    rows, wrong = query(demo.warehouse, sql).row(0)
    assert wrong == 0
    # No day of publication is known of a sample; tests/sql has some.
    assert rows > 0 or column in ("timeliness", "days_to_publish")


NUMBERS = [
    (contract, column)
    for contract in CONTRACTS.values()
    for column in contract.columns
    if contract.schema == "mart" and column.type != "text" and not column.key
]


@pytest.mark.parametrize(("mart", "column"), NUMBERS, ids=lambda given: given.name)
def test_any_number_of_any_mart_leads_to_its_page(demo: Home, tmp_path: Path, mart: Contract, column: Column) -> None:
    """The row with the largest number: it has figures or pages to draw, or says why not; a count has all it counts."""
    key = ", ".join(mart.primary_key)
    sql = f"select * from {mart.name} where {column.name} is not null order by {column.name} desc, {key} limit 1"
    rows = query(demo.warehouse, sql).to_dicts()
    if not rows:
        # No day of publication is known of a sample, and none was revised.
        assert column.name in ("days_after_first", "days_to_publish", "timeliness")
        return
    words = [f"{name}={rows[0][name]}" for name in mart.primary_key]
    found = explain_row(demo, f"{mart.table}.{column.name}", words)
    leading = leading_columns(mart, column)
    reasons = [one.unprinted for one in leading if one.unprinted]
    if found.figure_ids or found.pages:
        assert draw(demo, found, tmp_path / "out.png") == min(12, len(found.figure_ids) + len(found.pages))
    else:
        assert rows[0][column.name] == 0 or reasons, found.text()
    assert all(reason in found.text() for reason in reasons)
    for count in counted(demo.warehouse, leading, rows[0], 12):
        for one in count.columns:
            if one.type == "int" and not one.unprinted and one.name not in ("fiscal_year", "page"):
                assert count.rows == rows[0][one.name]


def test_a_row_is_found_by_words_and_one_number_of_it_by_its_column(juesuan: Command, demo: Home) -> None:
    for words in (
        ("figure_trust.proven", "T_TP"), ("数字可信度.已证实", "T_TP"), ("mart.figure_trust.proven", "member=t_tp"),
    ):  # fmt: skip
        result = juesuan("explain", *words, "--home", demo.root)
        assert result.exit_code == 0, result.output
        proven = query(demo.warehouse, "select proven from mart.figure_trust where member = 'T_TP'").item()
        assert f"proven: behind it {proven}, the first 12" in result.output
        shown = re.search('All: juesuan query "(.*)"', result.output)
        assert shown and query(demo.warehouse, shown[1]).height == proven
    row = juesuan("explain", "人均行政成本", RENHE, 2023, "机关运行经费", "--home", demo.root)
    assert "per_capita_yuan" in row.output and "56.83" in row.output


def test_a_row_of_a_contradiction_names_the_check_and_both_sides(juesuan: Command, demo: Home) -> None:
    sql = "select * from mart.reconciliation where verdict = 'fail' order by all limit 1"
    row = query(demo.warehouse, sql).row(0, named=True)
    result = juesuan("explain", "reconciliation.difference", row["figure_ids"], row["check_id"], "--home", demo.root)
    assert result.exit_code == 0, result.output
    assert f"sql/checks/{row['check_id']}.sql" in result.output
    assert all(figure_id in result.output for figure_id in row["figure_ids"].split())


def test_the_image_shows_every_figure(juesuan: Command, demo: Home, tmp_path: Path) -> None:
    picture = tmp_path / "out.png"
    asked = ("explain", "--department", NPC, "--year", 2018, "--measure", "agency_running_cost")
    result = juesuan(*asked, "--image", picture, "--home", demo.root)
    assert result.exit_code == 0, result.output
    assert f"{picture}: 4 of 4 figures" in result.output
    with Image.open(picture) as image:
        assert image.height > 2 * 200  # the cost on one page, the staff on another
        assert sum(count for count, colour in image.getcolors(1 << 24) if colour == (214, 0, 0)) > 4 * 100


def test_a_figure_tells_what_is_printed_what_it_means_and_who_uses_it(juesuan: Command, demo: Home) -> None:
    sql = "select numerator_figure_id from mart.admin_cost_per_capita where per_capita_yuan = 51953.29"
    figure_id = query(demo.warehouse, sql).item()
    result = juesuan("explain", figure_id[:8], "--home", demo.root)
    assert result.exit_code == 0, result.output
    for words in (
        f"Figure {figure_id}", "1579.38 万元", "page 13, box", "T_ARC", "机关运行经费支出", "15,793,800 元",
        "jiangsu-npc-2018-budget.pdf", "core.fact_amount", "mart.admin_cost_per_capita", "as numerator_figure_id",
    ):  # fmt: skip
        assert words in result.output
    assert re.search(r"\n  (exact|rounding) +\w+: .* against ", result.output)
    copy = "select figure_id from prov.figure where measure_id = 'agency_running_cost' and value_text = '1579.38万元'"
    unused = juesuan("explain", query(demo.warehouse, copy).item(), "--home", demo.root)
    assert "another printed figure was chosen, 1579.38 万元" in unused.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--department", "江苏省", "--year", 2018), "fits 3 departments.*江苏省政协办公厅 .*320000-CPP-0001"),
        (("--department", NPC, "--year", 2018), r"\d+ values match.*--mart three_public_trend: .*three_public_vehicle"),
        (("--department", NPC, "--year", 2018, "--measure", "expenditure"), "facts match.*gpb basic level"),
        (("--department", NPC, "--year", 2018, "--measure", "fun"), "No fun of .* The marts have:.*three_public"),
        (("--department", NPC, "--year", 1998, "--measure", "fun"), "in 1998; the marts have 2017, 2018, 2019"),
        (("--department", "海关", "--year", 2018), "No department '海关'"),
        (("--department", "万里街道", "--year", 2025), r"\d+ values match"),  # not its five units
        (("--department", NPC, "--year", 2018, "--mart", "budget"), "There are admin_cost_per_capita"),
        (("000000000000",), "No figure '000000000000'"),
        (("abc",), "too short"),
        (("0",) * 1, "too short"),
        (("trust",), "no mart 'trust'. There are:.*figure_trust .数字可信度., by dimension, member"),
        (("figure_trust.good", "all"), "has no column 'good'. It has:.*proven"),
        (("figure_trust", "T_NONE"), "'T_NONE' fits no row .* It has:.*dimension: all, document, family, table, year"),
        (("figure_trust", "T_TP", "year"), "No row has all of these words"),
        (("figure_trust", "family"), r"rows of mart.figure_trust fit; .*They have:.*family · "),
        ((), "Give a figure's id, a mart and words, or --department"),
        (("abcdef", "--year", 2018), "not both"),
    ],
)
def test_what_matches_nothing_or_several_is_said(
    juesuan: Command, demo: Home, arguments: tuple[object, ...], says: str
) -> None:
    result = juesuan("explain", *arguments, "--home", demo.root)
    assert result.exit_code == 2
    assert re.search(says, result.output, re.DOTALL), result.output


def test_every_verdict_has_its_place() -> None:
    assert set(printed._WORST_FIRST) == set(VERDICTS)


def test_a_correction_reaches_the_marts_and_is_explained(
    juesuan: Command, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = "where value_text = '1579.38' and table_id = 'T_ARC' and row_label = '合计'"
    figure_id, document_id = query(home.warehouse, f"select figure_id, document_id from prov.figure {place}").row(0)
    entry = {
        "id": "running-cost", "document": document_id, "figure": figure_id, "printed": "1579.38",
        "corrected": "1597.38", "reason": "the parts add up to it", "by": "a reader", "date": "2026-01-02",
    }  # fmt: skip
    written = tmp_path / "corrections"
    written.mkdir()
    monkeypatch.setattr("assets.star.load_corrections", lambda _: load_corrections(written))
    build = partial(juesuan, "build", "--home", home.root)

    (written / "one.yaml").write_text(yaml.safe_dump([entry]), encoding="utf-8")
    home.built.unlink()
    assert build().exit_code == 0
    mart = "select numerator_yuan from mart.admin_cost_per_capita where numerator_figure_id = ? and cost_measure = ?"
    asked = [figure_id, "agency_running_cost"]
    assert query(home.warehouse, mart, asked).item() == Decimal("15973800.00")
    words = juesuan("explain", figure_id, "--home", home.root).output
    assert "1579.38 → 1,597.38" in words and "the parts add up to it" in words and "15,793,800 元" in words
    value = juesuan("explain", "--department", NPC, "--year", 2018, "--measure", asked[1], "--home", home.root).output
    assert "1579.38 万元, corrected to 1,597.38" in value

    (written / "one.yaml").write_text(yaml.safe_dump([entry | {"printed": "1579.39"}]), encoding="utf-8")
    before = home.warehouse.resolve()
    home.built.unlink()
    result = build()
    assert result.exit_code == 1
    assert f"one.yaml: correction running-cost: figure {figure_id} was expected to print 1579.39" in result.output
    assert home.warehouse.resolve() == before
