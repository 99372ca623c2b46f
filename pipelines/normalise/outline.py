"""Where each row of a table stands: what the rows above it say of it, in print order.

A row such as 年初结转和结余 or 货物 holds for the rows below it, a unit's row begins that unit's part, and a subject
without a printed code is looked for below the subject above it. What the label itself means is `labels`' to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

import polars as pl

from pipelines.catalogue.columns import NOTHING, Axes, Listed, Section, Side, column_catalogue
from pipelines.normalise.departments import canonical_name
from pipelines.normalise.headers import HeaderMeaning, read_header, read_word
from pipelines.normalise.labels import Place, row_key
from pipelines.normalise.subjects import FUNCTIONAL, SYSTEMS, CodeList, code_system
from pipelines.words import canonical, squash

ROW = ["document_id", "table_no", "row_no", "label_path", "row_label", "subject_code", "other_codes", "side"]
_UNIT_CODE = re.compile(r"(?:^|;)unit=([^;]+)")
_UNIT_DIGITS = 3


def with_places(figures: pl.DataFrame, tables: pl.DataFrame, codes: CodeList) -> tuple[pl.DataFrame, list[Place]]:
    """The figures of official tables with `place_no`, the index of their row's place, and the places.

    `figures` are those of tables with a table_id, with `fiscal_year` and `department_name` of their document.
    """
    header = ["table_id", "table_title", "column_path"]
    paths = figures.select(header).unique()
    sides = [meaning.side if (meaning := read_header(*path)) else None for path in paths.iter_rows()]
    figures = figures.join(
        paths.with_columns(side=pl.Series(sides, dtype=pl.String)), on=header, how="left", nulls_equal=True
    )
    single = tables.select("document_id", "table_no", single=pl.col("body_rows") == 1)
    rows = (
        figures.select(*ROW, "table_id", "table_title", "fiscal_year", "department_name")
        .unique()
        .join(single, on=["document_id", "table_no"], how="left")
        .sort("document_id", "table_no", *ROW[2:])
    )
    read = [_Row(**row) for row in rows.iter_rows(named=True)]
    places = [
        place
        for _, document in groupby(read, key=lambda row: row.document_id)
        for place in _document_places(list(document), codes)
    ]
    found = rows.select(ROW).with_row_index("place_no")
    return figures.join(found, on=ROW, how="left", nulls_equal=True).drop("side"), places


@dataclass(frozen=True)
class _Row:
    document_id: str
    table_no: int
    row_no: int
    label_path: str
    row_label: str
    subject_code: str | None
    other_codes: str
    side: Side | None
    table_id: str
    table_title: str
    fiscal_year: int | None
    department_name: str | None
    single: bool | None

    @property
    def heading(self) -> Listed | None:
        return column_catalogue().listed(canonical(self.label_path))

    @property
    def unit_code(self) -> str:
        found = _UNIT_CODE.search(self.other_codes)
        return found[1] if found else ""

    @property
    def is_unit_kind(self) -> bool:
        """Whether it tells how the unit above is funded (01 全额), under the header of the unit codes."""
        return 0 < len(self.unit_code) < _UNIT_DIGITS

    @property
    def name(self) -> str:
        """The first part of the label, by which a unit is called: 某局（本级）/2025年 is 某局."""
        return canonical_name(row_key(self.row_label).split("/")[0])


def _document_places(rows: list[_Row], codes: CodeList) -> Iterator[Place]:
    names = {row.name for row in rows if row.heading == "units" and _may_be_unit(row)}
    names |= {canonical_name(row.department_name) for row in rows[:1] if row.department_name}
    for _, table in groupby(rows, key=lambda row: row.table_no):
        yield from _table_places(list(table), names, codes)


def _may_be_unit(row: _Row) -> bool:
    """Whether a row is neither a subject nor a total nor a word of its table."""
    label = row_key(row.row_label)
    if (row.subject_code and code_system(row.subject_code)) or column_catalogue().is_total(label):
        return False
    if not label:
        return bool(row.unit_code)
    return read_word(HeaderMeaning(NOTHING, row.side), label.split("/")[0], row.table_id) is None


def _units(rows: list[_Row], names: set[str]) -> dict[_Row, str]:
    """The rows that are units, with the unit's name, '' where its row repeats the whole.

    So does the only unit of a table, and the department's own row above its units: the code of each begins with its.
    """
    balance = column_catalogue().tables[rows[0].table_id].rows == "balance"
    found = [
        row
        for row in rows
        if not balance
        and _may_be_unit(row)
        and (row.unit_code or row.heading == "units" or (row.name in names and "/" not in row_key(row.row_label)))
    ]
    unit_codes = {row.unit_code for row in found if row.unit_code and not row.is_unit_kind}
    whole = {code for code in unit_codes if all(other.startswith(code) for other in unit_codes)}
    parts = {(row.name, row.unit_code) for row in found if row.unit_code not in whole and not row.is_unit_kind}
    return {
        row: "" if row.unit_code in whole or len(parts) == 1 else squash(row.row_label).split("/")[0] or row.unit_code
        for row in found
    }


@dataclass
class _Panel:
    """What holds for the next row of one panel of a table."""

    section: Section = "current"
    heading: Axes = NOTHING
    unit: str = ""
    above: dict[str, str] = field(default_factory=dict)
    """The subject above, by code system."""


def _table_places(rows: list[_Row], names: set[str], codes: CodeList) -> Iterable[Place]:
    catalogue = column_catalogue()
    table_id = rows[0].table_id
    kind = catalogue.tables[table_id].rows
    if kind == "none":
        return [Place()] * len(rows)
    units = _units(rows, names)
    panels: dict[tuple[str, Side | None], _Panel] = {}
    totalled = {(row.label_path, row.side) for row in rows if catalogue.is_grand_total(row_key(row.row_label))}
    places: list[Place] = []
    for row in rows:
        panel = panels.setdefault((row.label_path, row.side), _Panel())
        label = row_key(row.row_label)
        if row in units:
            panel.unit = panel.unit if row.is_unit_kind else units[row]
            panel.above = {}
        elif catalogue.is_total(label):
            panel.unit, panel.heading, panel.above = "", NOTHING, {}
        elif heading := catalogue.row_heading(label, table_id):
            panel.unit, panel.heading, panel.above = "", heading.axes, {}
        with_total = (row.label_path, row.side) in totalled
        word = None
        if kind == "balance" and row.side:
            word = catalogue.balance_word(label, row.side, panel.section, with_total)
        code = None
        if word is not None:  # the economic classes below 基本支出 and 项目支出 are parts of it
            panel.heading = Axes(nature=word.axes.nature)
        elif row.subject_code and (system := code_system(row.subject_code)):
            panel.above[system] = row.subject_code
        elif row not in units and label:
            code = _infer(row, kind, panel, codes)
        heading_axes = panel.heading
        if kind == "balance" and code_system(row.subject_code or code or "") == FUNCTIONAL:
            heading_axes = NOTHING
        places.append(Place(panel.section, with_total, heading_axes, panel.unit, row in units, code, bool(row.single)))
        if word is not None and word.section is not None:
            panel.section = word.section
    return places


def _infer(row: _Row, kind: str, panel: _Panel, codes: CodeList) -> str | None:
    """The subject an uncoded row stands for; it becomes the one above the next rows."""
    if kind in ("words", "projects", "items"):
        return None
    heading = row.heading
    system = heading if heading in SYSTEMS else ("functional" if kind == "balance" else kind)
    if heading == "natures" or (kind == "balance" and row.side == "in"):
        return None
    above = panel.above.get(system)
    code = codes.infer_below(row.row_label, above, row.fiscal_year, system)
    # The items of 收支总表 are 类, and what lies below them only where they are listed under their 类.
    if code and kind == "balance" and len(code) > 3 and not (above and code[:3] == above[:3]):
        return None
    if code:
        panel.above[system] = code
    return code
