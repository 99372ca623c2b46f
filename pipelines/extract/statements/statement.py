"""A figure, or words in place of one, as running text states it."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from pipelines.extract.pages.model import Box


class Statement(msgspec.Struct, frozen=True):
    """What running text states of an amount or count. Boxes are in reading space; money is in the printed unit."""

    page: int
    box: Box
    """Of the number and its unit (of the word, for 持平 and 小于); where they are broken over lines, of both pieces."""
    sentence: str
    """As printed, without white space."""
    span: tuple[int, int]
    """Where the number and its unit (the word, for 持平) begin and end in the sentence."""
    number_boxes: list[tuple[int, Box]]
    """Page and box of each line piece of the number and its unit."""
    sentence_boxes: list[tuple[int, Box]]
    """Page and box of each line piece of the sentence."""
    value_text: str
    """Direction word, number and unit as printed, without white space."""
    value: Decimal | None
    """Signed by the direction word; 0 for 持平. None for words: a comparison (决算数小于预算数), the name of a
    part (主要包括：基本工资)."""
    unit: str
    """Empty for words."""
    measure_id: str
    statement_kind: str
    fund_source: str
    """Empty for counts and scores."""
    nature: str
    stage: str
    period_year: int | None
    base: str
    """What a change or share is of (see statements.yaml), what words compare with, empty for a level."""
    subject_label: str
    """类/款/项 as printed, where the figure is about a budget subject."""
    subject_code: str
    """Its printed digits."""
    breakdown: str
    """Further axes as 'name=value;…'; of a comparison in words its direction: less, greater, equal, about_equal."""
    whole_is_guessed: bool = False
    """Whether `base` of a share is a guess by the words, because the text names no whole (see `arithmetic`)."""
