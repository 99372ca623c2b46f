"""The second reading by position, on pages drawn by hand: what agrees, and in what a misread figure differs."""

from __future__ import annotations

import msgspec
import pytest

from pipelines.extract.pages.model import Box
from pipelines.extract.reread.model import Printed, Rereading
from pipelines.extract.reread.position import read_by_position
from pipelines.extract.reread.sheet import Char, Line, Sheet

WIDTH, HEIGHT, LEFT, TOP = 80.0, 20.0, 50.0, 700.0
ROWS = [
    ["科目编码", "科目名称", "基本支出", "项目支出"],
    ["20101", "人大事务", "12.50", "3.25"],
    ["20102", "政协事务", "7.00", ""],
]


def written(text: str, x: float, y: float, size: float = 8.0) -> list[Char]:
    """Characters one beside the other; digits are half as wide."""
    out = []
    for char in text:
        wide = size if ord(char) > 255 else size / 2
        out.append(Char(char, Box(x, y, x + wide - 0.5, y + size)))
        x += wide
    return out


def ink(row: int, col: int, text: str) -> Box:
    chars = written(text, LEFT + col * WIDTH + 3, TOP - row * HEIGHT - 15)
    return Box(chars[0].box.x0, chars[0].box.y0, chars[-1].box.x1, chars[-1].box.y1)


def sheet(rows: list[list[str]], *above: str, ruled: bool = True) -> Sheet:
    """A page with a table of equal cells and lines of text above it."""
    chars = [char for i, text in enumerate(above) for char in written(text, 60, 780 - 12 * i)]
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            chars += written(text, LEFT + c * WIDTH + 3, TOP - r * HEIGHT - 15)
    height, width = len(rows), len(rows[0])
    upright = [Line(LEFT + c * WIDTH, TOP - height * HEIGHT, TOP) for c in range(width + 1)]
    level = [Line(TOP - r * HEIGHT, LEFT, LEFT + width * WIDTH) for r in range(height, -1, -1)]
    return Sheet(600, 840, 0, (0, 0), chars, upright if ruled else [], level if ruled else [])


def figure(row: int, col: int, /, **other: object) -> Printed:
    """The figure printed in a cell of ROWS, read rightly."""
    printed = Printed(
        f"{row}-{col}", 1, 1, ROWS[row][1], ROWS[0][col], ROWS[row][col], ink(row, col, ROWS[row][col]),
        subject=ROWS[row][0], unit="万元",
    )  # fmt: skip
    return msgspec.structs.replace(printed, **other)


ALL = [figure(1, 2), figure(1, 3), figure(2, 2)]


def read(*figures: Printed, page: Sheet | None = None) -> dict[str, Rereading]:
    page = page or sheet(ROWS, "支出表", "单位：万元")
    return {f"{one.reader} {one.figure_id}": one for one in read_by_position(lambda number: page, figures)}


def test_what_was_read_rightly_agrees() -> None:
    found = read(*ALL)
    assert len(found) == 3
    assert all(one.agrees and not one.doubt for one in found.values())


@pytest.mark.parametrize(
    ("wrong", "doubt", "text"),
    [
        ({"text": "12.60"}, "number", "12.50"),
        ({"column": "项目支出"}, "column", "基本支出"),
        ({"column": "合计/基本支出"}, "column", "基本支出"),
        ({"row": "政协事务"}, "row", "人大事务"),
        ({"subject": "20102"}, "subject", "20101"),
        ({"unit": "元"}, "unit", "万元"),
        ({"text": "12.503", "box": Box(213, 665, 297, 673)}, "number", "12.50"),
    ],
)
def test_a_misread_figure_differs(wrong: dict[str, object], doubt: str, text: str) -> None:
    one = read(figure(1, 2, **wrong), *ALL[1:])["position 1-2"]
    assert one.agrees is False
    assert (one.doubt, one.text) == (doubt, text)


def test_a_column_of_figures_under_the_next_header_differs() -> None:
    """A shifted column keeps every number and every row; only the words above it tell."""
    found = read(*(figure(row, 2, column="项目支出") for row in (1, 2)))
    assert {one.doubt for one in found.values() if one.reader == "position"} == {"column"}


def test_header_words_found_nowhere_differ_where_others_are_printed() -> None:
    found = read(*(figure(row, 2, column="公用经费") for row in (1, 2)))
    assert all(one.agrees is False for one in found.values() if one.reader == "position")


def test_a_column_of_codes_that_no_figure_has_differs() -> None:
    rows = [*ROWS, ["20103", "政府办公厅事务", "1.00", ""]]
    figures = [figure(1, 2, subject=""), figure(1, 3, subject=""), figure(2, 2, subject="")]
    last = msgspec.structs.replace(figures[0], figure_id="3-2", row=rows[3][1], text="1.00", box=ink(3, 2, "1.00"))
    found = read(*figures, last, page=sheet(rows, "单位：万元"))
    assert {one.doubt for one in found.values()} == {"subject"}


def test_amounts_no_figure_has_are_named_with_their_neighbour() -> None:
    found = read(ALL[0], ALL[2])
    assert found["unread 1-2"].text == "3.25"
    assert found["position 1-2"].agrees


def test_what_was_read_as_no_number_leaves_its_amounts_unread() -> None:
    both = Box(ink(1, 3, "3.25").x0, ink(2, 3, "1").y0, ink(1, 3, "3.25").x1, ink(1, 3, "3.25").y1)
    merged = figure(1, 3, text="3.25\n7.00", box=both, is_stated=False)
    assert read(ALL[0], ALL[2], merged)["unread 1-3"].text == "3.25"


def test_a_page_without_header_has_the_words_of_the_same_column_on_another() -> None:
    first, second = sheet(ROWS, "单位：万元"), sheet([ROWS[2]])
    there = figure(2, 2, page=2, figure_id="next", box=ink(0, 2, "7.00"))
    pages = {1: first, 2: second}
    found = {one.figure_id: one for one in read_by_position(pages.__getitem__, [*ALL, there])}
    assert found["next"].agrees and not found["next"].doubt
    wrong = msgspec.structs.replace(there, column="项目支出")
    found = {one.figure_id: one for one in read_by_position(pages.__getitem__, [*ALL, wrong])}
    assert (found["next"].agrees, found["next"].doubt) == (False, "column")


def test_without_rulings_only_the_number_is_confirmed() -> None:
    one = read(*ALL, page=sheet(ROWS, "单位：万元", ruled=False))["position 1-2"]
    assert one.agrees
    assert one.doubt == "column"


def test_in_free_forms_only_the_number_is_asked_for() -> None:
    one = read(figure(1, 2, column="别的", row="别的", in_account=False))["position 1-2"]
    assert one.agrees and not one.doubt


# --- running text ---------------------------------------------------------------------------------------------------

LINES = (
    "(2)民政管理事务(20802)3,386.08万元。",
    "具体为:公用经费105.58万元,比上年减少。",
)


def stated(text: str, line: int, /, **other: object) -> Printed:
    start = LINES[line].index(text)
    chars = written(LINES[line], 60, 780 - 12 * line)[start : start + len(text)]
    box = Box(chars[0].box.x0, chars[0].box.y0, chars[-1].box.x1, chars[-1].box.y1)
    return msgspec.structs.replace(Printed("t", 1, None, "", "", text, box, unit="万元"), **other)


def said(printed: Printed) -> Rereading:
    return read(printed, page=sheet([["x"]], *LINES, ruled=False))["position t"]


def test_a_statement_whose_subject_is_printed_before_it_agrees() -> None:
    assert said(stated("3,386.08", 0, subject="民政管理事务")).agrees
    assert said(stated("105.58", 1, subject="民政管理事务")).agrees


def test_a_statement_of_a_subject_that_is_printed_nowhere_before_it_differs() -> None:
    one = said(stated("105.58", 1, subject="教育支出"))
    assert (one.agrees, one.doubt) == (False, "subject")


def test_a_part_that_lost_the_subject_of_the_sentence_before_is_not_certain() -> None:
    one = said(stated("105.58", 1))
    assert (one.agrees, one.doubt, one.text) == (None, "subject", "(20802)")


def test_another_number_in_running_text_differs() -> None:
    one = said(stated("105.58", 1, text="106.58"))
    assert (one.agrees, one.doubt) == (False, "number")


@pytest.mark.parametrize(("word", "agrees"), [("减少", True), ("持平", False)])
def test_a_word_without_digits_is_read_again_as_a_word(word: str, agrees: bool) -> None:
    assert said(stated("减少", 1, text=word, subject="民政管理事务")).agrees is agrees
