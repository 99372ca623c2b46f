"""What the label of a row adds to its header: the subject, unit, project or item it is about.

The words are data (`catalogue/columns.yaml`). Where a row stands, and what the rows above it mean for it, comes from
`outline`.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

from pipelines.catalogue.columns import NOTHING, Axes, Section, Side, column_catalogue
from pipelines.normalise.headers import HeaderMeaning, read_word
from pipelines.normalise.subjects import code_system, without_ordinal
from pipelines.words import canonical, squash

_PART = "其中"
_OF_SIDE: dict[Side, str] = {"in": "revenue", "out": "expenditure"}


class Place(NamedTuple):
    """Where a row stands in its table.

    `section` is the part of an income and expenditure total, `with_total` whether its panel ends with a row 总计;
    `heading` is what a row above says for it. `unit` is the
    unit whose part it is ('' for the whole), `is_unit` whether it is that unit's own row. `code` is the subject its
    label stands for, told by the subject above it. `single` means the table has no other row, so that a label there
    names nothing but the department.
    """

    section: Section = "current"
    with_total: bool = False
    heading: Axes = NOTHING
    unit: str = ""
    is_unit: bool = False
    code: str | None = None
    single: bool = False


class RowMeaning(NamedTuple):
    """What the row adds: `axes` replace the header's; `inferred` is the code its label stands for.

    `item` marks a row of a list in which two equal rows are two things, not one thing printed twice.
    """

    axes: Axes
    inferred: str | None = None
    year: int | None = None
    item: bool = False


def row_key(row_label: str) -> str:
    """A row label for matching: without what numbers it, and without the 小计 of a merged group."""
    return without_ordinal(canonical(row_label)).removesuffix("/小计")


@functools.cache
def read_label(
    table_id: str, side: Side | None, row_label: str, subject_code: str | None, place: Place
) -> RowMeaning | None:
    """The meaning of a row of an official table; None when its label is not known."""
    catalogue = column_catalogue()
    rows = catalogue.tables[table_id].rows
    label = row_key(row_label)
    part = place.heading.refined_by(Axes(breakdown=f"unit={place.unit}" if place.unit else None))
    if subject_code and code_system(subject_code):
        return RowMeaning(part, item=rows in ("projects", "items"))
    if rows == "balance":
        return _balance(label, side, place, part, canonical(row_label).startswith(_PART))
    if catalogue.is_total(label) or (place.single and not label):
        return RowMeaning(NOTHING)
    if heading := catalogue.row_heading(label, table_id):
        return RowMeaning(part.refined_by(heading.axes), item=rows == "items")
    if rows == "words":
        return _words(label, table_id, side, place, part)
    if place.is_unit:
        return RowMeaning(part)
    if place.code:
        return RowMeaning(part, place.code)
    if rows in ("projects", "items"):
        return _named(rows, row_label, place, part)
    if item := _of_side(label, side, place, part):
        return item
    word = catalogue.header_word(label, table_id, "", side)
    return RowMeaning(part.refined_by(word.axes)) if word and word.axes != NOTHING else None


def _balance(label: str, side: Side | None, place: Place, part: Axes, is_part: bool) -> RowMeaning | None:
    catalogue = column_catalogue()
    sides: tuple[Side, ...] = (side,) if side else ("in", "out")
    found: list[RowMeaning] = []
    for each in sides:
        measure = Axes(measure_id=_OF_SIDE[each])
        if item := catalogue.balance_word(label, each, place.section, place.with_total):
            if item.whole and is_part:
                return None
            found.append(RowMeaning(measure.refined_by(item.axes)))
        elif each == "out" and (heading := catalogue.row_heading(label, "T_TOTAL")):
            found.append(RowMeaning(measure.refined_by(heading.axes)))
        elif each == "out" and place.code:
            found.append(RowMeaning(measure.refined_by(part), place.code))
    return found[0] if len(found) == 1 else None


def _of_side(label: str, side: Side | None, place: Place, part: Axes) -> RowMeaning | None:
    """A source of revenue, or an item below its group: 其他资金/其他收入."""
    if side != "in":
        return None
    axes: Axes | None = None
    for level in label.split("/"):
        word = column_catalogue().balance_word(level, "in", place.section, place.with_total)
        if word is not None:
            axes = (axes or part).refined_by(word.axes)
        elif axes is not None:
            axes = axes.refined_by(Axes(breakdown=f"money={level}"))
        else:
            return None
    return RowMeaning(axes) if axes is not None else None


def _words(label: str, table_id: str, side: Side | None, place: Place, part: Axes) -> RowMeaning | None:
    """Header words turned on their side, after the name of a unit where the row prints one: 某局/2025年."""
    meaning = HeaderMeaning(part, side)
    words = label.split("/")[1:] if place.is_unit else label.split("/")
    for word in filter(None, words):
        read = read_word(meaning, word, table_id)
        if read is None:
            return RowMeaning(part) if place.single else None
        meaning = read
    return RowMeaning(meaning.axes, year=meaning.year)


def _named(rows: str, row_label: str, place: Place, part: Axes) -> RowMeaning | None:
    name = squash(row_label).replace(";", "；").replace("=", "＝")
    if not name or place.single:
        return None
    if rows == "projects":
        return RowMeaning(part.refined_by(Axes(measure_id="project_amount", breakdown=f"project={name}")), item=True)
    return RowMeaning(part.refined_by(Axes(breakdown=f"item={name}")), item=True)
