from __future__ import annotations

import random

from pipelines.extract.pages.layout import Glyph
from pipelines.extract.pages.lines import text_lines


def glyphs(text: str, base: float, x: float = 0.0, size: float = 10.0) -> list[Glyph]:
    return [Glyph(c, x + i * size, base - 2, x + (i + 1) * size, base + 8, base) for i, c in enumerate(text)]


def test_lines_follow_position_not_the_order_of_the_content_stream() -> None:
    ink = glyphs("上面一行", 100) + glyphs("下面一行", 85)
    random.Random(1).shuffle(ink)
    assert [line.text for line in text_lines(ink)] == ["上面一行", "下面一行"]


def test_flat_punctuation_and_tall_digits_stay_on_their_line() -> None:
    ink = [
        *glyphs("八", 100),
        Glyph("、", 10, 100, 20, 103, 100),
        *glyphs("社会", 100, 20),
        Glyph("9", 40, 92, 45, 118, 100),
    ]
    assert [line.text for line in text_lines(ink)] == ["八、社会9"]


def test_wide_gaps_and_printed_blanks_separate_words() -> None:
    ink = [*glyphs("合", 100), *glyphs("计", 100, 40), Glyph(" ", 50, 98, 55, 108, 100), *glyphs("额", 100, 52)]
    line = text_lines(ink)[0]
    assert line.text == "合 计 额"
    assert line.box_of(2, 3).x0 == 40
