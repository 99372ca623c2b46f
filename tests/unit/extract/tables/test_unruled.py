"""Tables with fewer rulings than cells say what they say with all of them; what is no table never becomes one."""

from __future__ import annotations

from collections import Counter
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import get_args

import pytest
from drawing import grid, page

from pipelines.catalogue.tables import table_catalogue
from pipelines.extract.document import DocumentReading, read_document
from pipelines.extract.metadata import LinkFacts
from pipelines.extract.pages.model import TextLine
from pipelines.extract.tables.unruled import ALIGNED, draw_unruled, is_underruled
from pipelines.typeset.fonts import FontMissingError, embedded_song
from pipelines.typeset.render import ExpectedFigure, typeset
from pipelines.typeset.spec import Rulings, Table, load_document

SAMPLE = Path(__file__).parents[4] / "raw" / "samples" / "wanli-subdistrict-2025-budget.yaml"
SETTINGS: dict[str, dict[str, object]] = {
    "turned pages": {"rotate": True, "landscape": True},
    "header repeated on each page": {"repeat_header": True, "rows_per_page": 7},
    "cut by many pages": {"rows_per_page": 5},
    "title on the page before": {"break_after_title": True},
}
PART_OF_ROWS = {"columns"}
"""Styles of which a little is lost: a single row on a page of its own has no rule to tell its columns from."""


@cache
def typeset_as(style: Rulings, folder: Path, setting: str = "") -> tuple[list[ExpectedFigure], DocumentReading]:
    """The figures of a document's tables set in one ruling style and way of paging, and what is read of them."""
    try:
        font = embedded_song()
    except FontMissingError as error:
        pytest.skip(str(error))
    document = load_document(SAMPLE)
    for block in document.blocks:
        if isinstance(block, Table):
            block.rulings = style
            for name, value in SETTINGS.get(setting, {}).items():
                setattr(block, name, value)
    result = typeset(document, font)
    path = folder / f"{style}{setting}.pdf"
    path.write_bytes(result.pdf)
    link = LinkFacts(document.link_title, document.portal_region)
    return result.figures, read_document(path, sha256(result.pdf).hexdigest(), link)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("styles")


@pytest.mark.parametrize("style", get_args(Rulings))
def test_the_same_figures_come_out_of_every_ruling_style(style: Rulings, folder: Path) -> None:
    figures, reading = typeset_as(style, folder)
    expected = Counter((f.page, f.table_title, f.code, f.label, f.column_path, f.value_text) for f in figures)
    found = Counter(
        (f["page"], f["table_title"], f["subject_code"] or "", f["row_label"], f["column_path"], f["value_text"])
        for f in reading.figures
        if f["source_kind"] == "table" and f["value_state"] != "declared_empty"
    )
    if style in PART_OF_ROWS:
        assert (expected & found).total() > 0.98 * expected.total()
        assert (found - expected).total() <= 3
    else:
        assert found == expected


@pytest.mark.parametrize("setting", SETTINGS)
def test_pages_turned_or_cut_say_the_same_without_rulings(setting: str, folder: Path) -> None:
    figures, reading = typeset_as("none", folder, setting)
    expected = Counter((f.page, f.code, f.label, f.column_path, f.value_text) for f in figures)
    assert expected == Counter(
        (f["page"], f["subject_code"] or "", f["row_label"], f["column_path"], f["value_text"])
        for f in reading.figures
        if f["source_kind"] == "table" and f["value_state"] != "declared_empty"
    )


@pytest.mark.parametrize("style", ["rows", "columns", "three_lines", "outer", "none", "stripes"])
def test_the_table_says_how_it_was_read_and_keeps_every_glyph(style: Rulings, folder: Path) -> None:
    _, reading = typeset_as(style, folder)
    assert any(table["engine"] == ALIGNED for table in reading.tables)
    assert all(table["conserved"] for table in reading.tables)


def test_units_and_titles_are_found_as_with_rulings(folder: Path) -> None:
    def named(style: Rulings) -> list[tuple[str, str, str]]:
        return [
            (t["table_id"], t["table_title"], t["unit"]) for t in typeset_as(style, folder)[1].tables if t["figures"]
        ]

    assert named("none") == named("strokes")


UNRULED = [
    "支出决算表",
    "单位：万元",
    "科目编码　科目名称　合计　基本支出　项目支出",
    *(f"20{i}　科目{i}　{i},234.50　1,000.00　234.5{i}" for i in range(1, 5)),
]


def spread(text: str, y: float) -> TextLine:
    """A line whose words, parted by wide blanks, stand in columns 100 points apart."""
    x0s: list[float] = []
    for column, word in enumerate(text.split("　")):
        x0s += [x0s[-1] + 8] if column else []
        x0s += [40.0 + 100 * column + 8 * i for i in range(len(word))]
    return TextLine(text, x0s, [x + 8 for x in x0s], y, y + 10)


def test_aligned_words_under_an_official_title_are_a_table() -> None:
    lines = [spread(text, 700.0 - 20 * i) for i, text in enumerate(UNRULED)]
    (drawn,) = draw_unruled([page(1, *lines)], table_catalogue())
    assert [(g.rows, g.cols, g.engine) for g in drawn.grids] == [(5, 5, ALIGNED)]
    assert [part.text for part in drawn.lines] == ["支出决算表", "单位：万元"]


@pytest.mark.parametrize(
    "lines",
    [
        ["支出决算表", "2023年度支出1,234.50万元，其中基本支出1,000.00万元。", "项目支出234.50万元，占19.00%。"],
        ["目录", "一、收入支出决算总表…………………5", "二、收入决算表…………………6", "三、支出决算表…………………7"],
        ["支出决算表", "本表无数据。", "某某市财政局", "2024年9月20日"],
        [text for text in UNRULED if text not in ("支出决算表", "单位：万元", UNRULED[2])],
    ],
    ids=["running text", "contents", "signature", "columns without title or header"],
)
def test_what_is_no_table_stays_text(lines: list[str]) -> None:
    pages = [page(1, *(spread(text, 700.0 - 20 * i) for i, text in enumerate(lines)))]
    assert draw_unruled(pages, table_catalogue()) == pages


def test_a_grid_whose_cells_hold_rows_or_columns_has_too_few_rules() -> None:
    ruled = grid([["项目", "金额"], ["合计", "1,234.50"], ["基本支出", "1,000.00"]])
    columns_only = grid([["项目\n合计\n一\n二\n三\n四", "金额\n1.00\n2.00\n3.00\n4.00\n5.00\n6.00\n7.00"]])
    rows_only = grid([["项目 合计 基本支出"], ["甲 1.00 2.00"], ["乙 3.00 4.00"]])
    assert [is_underruled(g) for g in (ruled, columns_only, rows_only)] == [False, True, True]
