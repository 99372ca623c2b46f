"""Running text: what a person reads as one sentence is one sentence, and each character keeps its place."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.pages.model import Page, TextLine
from pipelines.extract.statements.sentences import Sentence, sentences

SIZE = 12.0
LEFT = 72.0


def line(text: str, y: float, x: float = LEFT) -> TextLine:
    x0s = [x + SIZE * i for i in range(len(text))]
    return TextLine(text, x0s, [x0 + SIZE for x0 in x0s], y, y + SIZE)


def page(number: int, *lines: TextLine) -> Page:
    glyphs = sum(len(each.text) for each in lines)
    return Page(number, 595, 842, 0, list(lines), [], glyphs, 0)


def body(number: int, texts: Sequence[str]) -> Page:
    """A page of flowing text; a text that starts with ¶ is indented by two characters."""
    return page(
        number,
        *(
            line(text.lstrip("¶"), 700 - 20 * i, LEFT + (2 * SIZE if text.startswith("¶") else 0))
            for i, text in enumerate(texts)
        ),
    )


def texts(found: Sequence[Sentence]) -> list[str]:
    return [sentence.text for sentence in found]


def test_sentences_are_joined_over_lines_and_numbers_stay_whole() -> None:
    pages = [body(1, ["¶本年收入合计21,95", "5.35 万 元，其中：财政拨款", "收入1 万元。其他收入0", "万元。"])]
    assert texts(list(sentences(pages))) == ["本年收入合计21,955.35万元，其中：财政拨款收入1万元。", "其他收入0万元。"]


def test_sentences_run_over_pages_without_page_numbers_and_running_heads() -> None:
    def full(number: int, top: str, bottom: str) -> Page:
        return page(
            number, line("某局2026年度部门预算公开", 810), line(top, 500), line(bottom, 480), line(f"- {number} -", 40)
        )

    pages = [
        full(1, "一年来的工作得到各方面的支持和", "配合，本年支出合计10万元，其中基"),
        full(2, "本支出8万元，项目支出2万元。全年", "各项工作都按计划顺利地完成并且做"),
        full(3, "好了总结，没有发生重大的问题，也", "没有发生其他值得说明的重要事项。"),
    ]
    found = texts(list(sentences(pages)))
    assert found[0].endswith("其中基本支出8万元，项目支出2万元。")
    assert not any("公开" in text or "- " in text for text in found)


def test_a_dashed_page_number_inside_the_text_is_dropped() -> None:
    pages = [body(1, ["¶财政拨款收入775.16万元，占本", "- 4 -", "年收入合计的100%。"])]
    assert texts(list(sentences(pages))) == ["财政拨款收入775.16万元，占本年收入合计的100%。"]


def test_headings_and_short_lines_end_paragraphs() -> None:
    pages = [body(1, ["一、收入决算情况说明", "本年收入合计10万元，与上年相比增加1", "万元。", "（一）其他"])]
    found = list(sentences(pages))
    assert [(s.text, s.opens_paragraph, s.closes_paragraph) for s in found] == [
        ("一、收入决算情况说明", True, True),
        ("本年收入合计10万元，与上年相比增加1万元。", True, True),
        ("（一）其他", True, True),
    ]


def test_a_short_line_within_a_sentence_ends_no_paragraph() -> None:
    pages = [
        page(
            1,
            line("于是在这一页上的文字一直排到页面右边才换行并且从左边开始。", 740),
            line("（一）收入预算10万元，其中：一般公共预算", 700, LEFT + 28),
            line("收入8万元，其他收入", 680, LEFT + 28),
            line("2万元。", 660, LEFT + 20),
        )
    ]
    assert texts(list(sentences(pages)))[1] == "（一）收入预算10万元，其中：一般公共预算收入8万元，其他收入2万元。"


def test_punctuation_printed_low_returns_to_its_gap() -> None:
    gap = line("人员进出及退休变化 以及合同支付", 700)
    fallen = TextLine("，", [LEFT + 9 * SIZE + 3], [LEFT + 9 * SIZE + 9], 695, 703)
    assert texts(list(sentences([page(1, gap, fallen)]))) == ["人员进出及退休变化，以及合同支付"]


@given(
    st.text(alphabet="收支预算决算为万元，0123456789.%增减 ", min_size=1, max_size=80),
    st.lists(st.integers(1, 79), max_size=6),
)
def test_each_character_keeps_its_place(text: str, cuts: list[int]) -> None:
    edges = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    pieces = [text[a:b] for a, b in pairwise(edges) if text[a:b].strip()]
    pages = [page(1, *(line(piece, 700 - 20 * i) for i, piece in enumerate(pieces)))]
    found = list(sentences(pages))
    for sentence in found:
        assert [spot.line.text[spot.at] for spot in sentence.spots] == list(sentence.text)
        for start in range(len(sentence.text)):
            ((number, box),) = sentence.boxes(start, start + 1)
            spot = sentence.spots[start]
            assert (number, box) == (1, spot.line.box_of(spot.at, spot.at + 1))
