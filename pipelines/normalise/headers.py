"""What the header above a figure says: measure, money, nature, stage and year, level by level.

The words are data (`catalogue/columns.yaml`). Row labels are read in `labels`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from pipelines.catalogue.columns import Axes, Side, column_catalogue
from pipelines.catalogue.tables import table_catalogue
from pipelines.words import canonical

_YEAR = re.compile(r"((?:19|20)\d{2})年度?")
_LAST_YEAR = re.compile(r"^(上年度?|去年)")
_THIS_YEAR = re.compile(r"^(本|当)年")


class HeaderMeaning(NamedTuple):
    """What a header path says: `year` printed, or `years_back` from the document's year.

    `unnamed` is set where no level named the measure or the money or the year: such a column is the table's total.
    """

    axes: Axes
    side: Side | None
    year: int | None = None
    years_back: int = 0
    money: bool = True
    unnamed: bool = True


@functools.cache
def read_header(table_id: str, table_title: str, column_path: str) -> HeaderMeaning | None:
    """The meaning of a header path ('/' between levels) of an official table; None when a level is not known."""
    table = column_catalogue().tables.get(table_id)
    if table is None or table.rows == "none":
        return None
    fund = next((rule.fund for rule in table_catalogue().tables if rule.id == table_id), None)
    axes = Axes(fund_source=fund, nature="total", statement_kind="level").refined_by(table.axes)
    title = canonical(table_title)
    for word in table.titles:
        if re.fullmatch(word.match, title):
            axes = axes.refined_by(word.axes)
            break
    meaning = HeaderMeaning(axes, table.side)
    above = ""
    for level in filter(None, map(canonical, column_path.split("/"))):
        read = read_word(meaning, level, table_id, above)
        if read is None:
            return None
        meaning = read
        above = f"{above}/{level}"
    return meaning


class _Reading(NamedTuple):
    """One way to take a header word: what is left of it, and what was taken off."""

    word: str
    year: int | None = None
    years_back: int = 0
    stage: str | None = None


def _readings(level: str) -> Iterator[_Reading]:
    """The ways to take a canonical header word, the most literal first: as it is, without year, without stage."""
    yield _Reading(level)
    year, years_back, rest = None, 0, level
    if printed := _YEAR.search(level):
        year, rest = int(printed.group(1)), _YEAR.sub("", level, count=1)
    elif _LAST_YEAR.match(level):
        years_back, rest = 1, _LAST_YEAR.sub("", level)
    if rest != level:
        yield _Reading(rest, year, years_back)
    elif (this := _THIS_YEAR.sub("", level)) != level:
        yield _Reading(this)
    for ending in column_catalogue().stages:
        if found := re.fullmatch(f"(.*?)(?:{ending.match})", rest):
            yield _Reading(found.group(1), year, years_back, ending.stage)


def read_word(so_far: HeaderMeaning, level: str, table_id: str, above: str = "") -> HeaderMeaning | None:
    """`so_far` refined by one canonical word of a header, or of a row that is a header on its side; None if unknown."""
    catalogue = column_catalogue()
    for reading in _readings(level):
        rule = catalogue.header_word(reading.word, table_id, above, so_far.side) if reading.word else None
        if rule is not None or not reading.word:
            break
    else:
        return None
    axes = so_far.axes.refined_by(Axes(stage=reading.stage))
    return HeaderMeaning(
        axes.refined_by(rule.axes) if rule else axes,
        (rule.to if rule else None) or so_far.side,
        reading.year or so_far.year,
        reading.years_back or so_far.years_back,
        so_far.money and (rule is None or rule.money),
        so_far.unnamed and (rule is None or rule.axes == Axes()) and _THIS_YEAR.match(level) is None,
    )
