"""What a figure of a table means: measure, money, nature, stage, year and subject, from title, header and row label.

The words are data (`catalogue/columns.yaml`); here is only how they are put together. A figure is never forced: when
one level of its header or its row label is unknown, it keeps no measure and becomes no fact. Figures of running text
come with their meaning from extraction and only get what goes without saying.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import polars as pl

from pipelines.catalogue.columns import Axes, Section, Side, column_catalogue
from pipelines.catalogue.tables import table_catalogue
from pipelines.normalise.amounts import UNIT_IN_YUAN
from pipelines.normalise.subjects import (
    DEPARTMENT_ECONOMIC,
    FUNCTIONAL,
    GOVERNMENT_ECONOMIC,
    CodeList,
    code_system,
    without_ordinal,
)
from pipelines.words import canonical

_YEAR = re.compile(r"((?:19|20)\d{2})年度?")
_LAST_YEAR = re.compile(r"^(上年度?|去年)")
_STAGE_OF_KIND = {"budget": "initial_budget", "final": "final"}
_CHANGES = ("delta", "pct_change", "share", "exec_rate")
_RATIOS = ("pct_change", "share", "exec_rate")
_ROW = ("row_label", "subject_code", "section", "single_row", "fiscal_year")
_HEADER = ("table_id", "table_title", "column_path")


class HeaderMeaning(NamedTuple):
    """What a header path says: `year` printed, or `years_back` from the document's year."""

    axes: Axes
    side: Side | None
    year: int | None
    years_back: int
    money: bool


class RowMeaning(NamedTuple):
    """What the row adds: `axes` replace the header's; `inferred` is the code its label stands for."""

    axes: Axes
    inferred: str | None = None


@functools.cache
def read_header(table_id: str, table_title: str, column_path: str) -> HeaderMeaning | None:
    """The meaning of a header path ('/' between levels) of an official table; None when a level is not known."""
    catalogue = column_catalogue()
    table = catalogue.tables.get(table_id)
    if table is None or table.rows == "none":
        return None
    fund = next((rule.fund for rule in table_catalogue().tables if rule.id == table_id), None)
    axes = Axes(fund_source=fund, nature="total", statement_kind="level").refined_by(table.axes)
    title = canonical(table_title)
    for word in table.titles:
        if re.fullmatch(word.match, title):
            axes = axes.refined_by(word.axes)
            break
    meaning = HeaderMeaning(axes, table.side, None, 0, True)
    above = ""
    for level in filter(None, map(canonical, column_path.split("/"))):
        read = _read_level(meaning, level, table_id, above)
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
    for ending in column_catalogue().stages:
        if found := re.fullmatch(f"(.*?)(?:{ending.match})", rest):
            yield _Reading(found.group(1), year, years_back, ending.stage)


def _read_level(so_far: HeaderMeaning, level: str, table_id: str, above: str) -> HeaderMeaning | None:
    """`so_far` refined by one level of the header; None when no rule knows the level."""
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
    )


class RowReader:
    """Reads row labels; holds the code lists that names are looked up in."""

    def __init__(self, codes: CodeList) -> None:
        self._codes = codes

    @functools.cache  # noqa: B019  one reader per run
    def read(
        self, table_id: str, side: Side | None, row_label: str, subject_code: str | None, section: Section,
        single_row: bool, year: int | None,
    ) -> RowMeaning | None:  # fmt: skip
        """The meaning of a row; None when its label is not known.

        `section` is where in an income and expenditure total the row stands, `single_row` whether the table has no
        other row, so that its label names nothing but the department. `year` is that of the document.
        """
        catalogue = column_catalogue()
        rows = catalogue.tables[table_id].rows
        label = without_ordinal(canonical(row_label)).removesuffix("/小计")
        is_total = catalogue.is_total(label) or (single_row and not label)
        if rows == "balance":
            return self._balance(label, side, section, year)
        if rows == "words":
            return self._words(label, table_id, side, is_total, single_row)
        if rows == "totals":
            return RowMeaning(Axes()) if is_total else None
        systems = (FUNCTIONAL,) if rows == "functional" else (DEPARTMENT_ECONOMIC, GOVERNMENT_ECONOMIC)
        if subject_code:
            return RowMeaning(Axes()) if code_system(subject_code) in systems else None
        if is_total:
            return RowMeaning(Axes())
        for known in systems:
            if code := self._codes.infer(row_label, year, (known,)):
                return RowMeaning(Axes(), code)
        if side == "in" and (item := catalogue.balance_word(label, "in", "current")):
            return RowMeaning(item.axes)
        if word := catalogue.header_word(label, table_id, "", side):
            return RowMeaning(word.axes) if word.axes != Axes() else None
        return None

    def _balance(self, label: str, side: Side | None, section: Section, year: int | None) -> RowMeaning | None:
        sides: tuple[Side, ...] = (side,) if side else ("in", "out")
        found: list[RowMeaning] = []
        for each in sides:
            if item := column_catalogue().balance_word(label, each, section):
                found.append(RowMeaning(Axes(measure_id=_OF_SIDE[each]).refined_by(item.axes)))
            elif each == "out" and (code := self._codes.infer_functional(label, year)) and len(code) == 3:
                found.append(RowMeaning(Axes(measure_id="expenditure"), code))
        return found[0] if len(found) == 1 else None

    def _words(
        self, label: str, table_id: str, side: Side | None, is_total: bool, single_row: bool
    ) -> RowMeaning | None:
        axes = Axes()
        if is_total:
            return RowMeaning(axes)
        for part in label.split("/"):
            word = column_catalogue().header_word(part, table_id, "", side)
            if word is None:
                return RowMeaning(Axes()) if single_row else None
            axes = axes.refined_by(word.axes)
        return RowMeaning(axes)


_OF_SIDE: dict[Side, str] = {"in": "revenue", "out": "expenditure"}


class Meaning(msgspec.Struct, frozen=True):
    """One row of the lookup: the axes of a (header, row), NULL where not known."""

    measure_id: str | None
    statement_kind: str | None
    fund_source: str | None
    nature: str | None
    stage: str | None
    base: str | None
    year: int | None
    years_back: int
    money: bool
    inferred: str | None


_UNKNOWN = Meaning(None, None, None, None, None, None, None, 0, True, None)
_MONEY_UNKNOWN = re.compile(r"人数|数量|编制|面积|比例|比率|占比|%|批次|人次|\((辆|台|套|个|人|次)\)")


def _combine(header: HeaderMeaning | None, row: RowMeaning | None, column_path: str) -> Meaning:
    if header is None:
        money = _MONEY_UNKNOWN.search(canonical(column_path)) is None
        return msgspec.structs.replace(_UNKNOWN, money=money)
    if row is None:
        return msgspec.structs.replace(_UNKNOWN, money=header.money)
    axes = header.axes.refined_by(row.axes)
    if axes.measure_id is None:
        return msgspec.structs.replace(_UNKNOWN, money=header.money, inferred=row.inferred)
    # What a measure implies by its name holds unless the row said otherwise: a fund row under 年初结转和结余.
    if implied := column_catalogue().implied.get(axes.measure_id):
        axes = axes.refined_by(implied)
    base = (axes.base or "unspecified") if axes.statement_kind in _CHANGES else ""
    return Meaning(
        axes.measure_id, axes.statement_kind, axes.fund_source, axes.nature, axes.stage, base,
        header.year, header.years_back, header.money, row.inferred,
    )  # fmt: skip


def with_sections(figures: pl.DataFrame) -> pl.DataFrame:
    """The table figures with `section`: where in an income and expenditure total each stands ('current' elsewhere).

    A row such as 年初结转和结余 opens a section in its panel; the fund rows below it are parts of that balance, though
    they are labelled like the revenues above.
    """
    catalogue = column_catalogue()
    balances = [name for name, table in catalogue.tables.items() if table.rows == "balance"]
    rows = (
        figures.filter(pl.col("table_id").is_in(balances))
        .select("document_id", "table_no", *_HEADER, "row_no", "row_label")
        .unique()
        .sort("document_id", "table_no", "row_no", "column_path", "row_label")
    )
    sections: list[str] = []
    current: dict[tuple[str, int, Side], Section] = {}
    for document_id, table_no, table_id, title, path, _, label in rows.iter_rows():
        header = read_header(table_id, title, path)
        if header is None or header.side is None:
            sections.append("current")
            continue
        place = (document_id, table_no, header.side)
        word = catalogue.balance_word(
            without_ordinal(canonical(label)).removesuffix("/小计"), header.side, current.get(place, "current")
        )
        sections.append(current.get(place, "current"))
        if word is not None and word.section is not None:
            current[place] = word.section
    keys = ["document_id", "table_no", "column_path", "row_no", "row_label"]
    found = rows.select(keys).with_columns(section=pl.Series(sections, dtype=pl.String))
    return figures.join(found, on=keys, how="left").with_columns(pl.col("section").fill_null("current"))


def read_tables(figures: pl.DataFrame, tables: pl.DataFrame, codes: CodeList) -> pl.DataFrame:
    """Table figures with their meaning.

    `figures` has the columns of extracted_figure plus `kind` and `fiscal_year` of the document. Adds
    `subject_code_inferred`, `is_money`, and fills measure_id, statement_kind, fund_source, nature, stage, base and
    period_year. Each distinct header and row is read once.
    """
    single = tables.select("document_id", "table_no", single_row=pl.col("body_rows") == 1)
    figures = with_sections(figures).join(single, on=["document_id", "table_no"], how="left")
    figures = figures.with_columns(pl.col("single_row").fill_null(False))
    distinct = figures.select(*_HEADER, *_ROW).unique(maintain_order=True)
    reader = RowReader(codes)
    meanings: list[Meaning] = []
    for table_id, title, path, label, code, section, single_row, year in distinct.iter_rows():
        header = read_header(table_id, title, path) if table_id else None
        row = reader.read(table_id, header.side, label, code, section, single_row, year) if header else None
        meanings.append(_combine(header, row, path))
    names = Meaning.__struct_fields__
    lookup = distinct.with_columns(
        pl.Series(name, [getattr(m, name) for m in meanings], dtype=_DTYPES.get(name, pl.String)) for name in names
    )
    axes = ["measure_id", "statement_kind", "fund_source", "nature", "stage", "base"]
    read = figures.drop(axes).join(lookup, on=[*_HEADER, *_ROW], how="left", nulls_equal=True)
    known = pl.col("measure_id").is_not_null()
    stage = pl.coalesce("stage", pl.col("kind").replace_strict(_STAGE_OF_KIND, default=None, return_dtype=pl.String))
    # In a budget, what was executed is the year before unless the header prints another year.
    back = pl.max_horizontal(
        pl.col("years_back"), ((pl.col("stage") == "execution") & (pl.col("kind") == "budget")).cast(pl.Int32)
    )
    return read.with_columns(
        stage=pl.when(known).then(stage),
        period_year=pl.when(known).then(pl.coalesce("year", pl.col("fiscal_year") - back)).cast(pl.Int32),
        breakdown=pl.when(known).then(pl.lit("")),
        is_money=pl.col("money") & pl.col("unit").is_in(list(UNIT_IN_YUAN)),
        unit=pl.when(pl.col("statement_kind").is_in(_RATIOS)).then(pl.lit("%")).otherwise("unit"),
        subject_code_inferred=pl.col("inferred"),
    ).drop("section", "single_row", "year", "years_back", "money", "inferred")


_DTYPES: dict[str, type[pl.DataType]] = {"year": pl.Int32, "years_back": pl.Int32, "money": pl.Boolean}


def read_text(figures: pl.DataFrame, codes: CodeList) -> pl.DataFrame:
    """Text figures with what goes without saying: stage and year of the document, the money a measure implies.

    Same columns out as `read_tables`. A change or a share without a base has base 'unspecified'.
    """
    # The grammar leaves what a sentence does not say empty.
    axes = ["measure_id", "statement_kind", "fund_source", "nature", "stage", "base", "subject_label"]
    figures = figures.with_columns(pl.col(name).replace("", None) for name in axes)
    labels = figures.select("subject_label", "fiscal_year").unique().drop_nulls("subject_label")
    inferred = [codes.infer_functional(name, year) for name, year in labels.iter_rows()]
    labels = labels.with_columns(subject_code_inferred=pl.Series(inferred, dtype=pl.String))
    figures = figures.join(labels, on=["subject_label", "fiscal_year"], how="left", nulls_equal=True)
    known = pl.col("measure_id").is_not_null()
    implied = {name: axes.fund_source for name, axes in column_catalogue().implied.items() if axes.fund_source}
    by_name = pl.col("measure_id").replace_strict(implied, default=None, return_dtype=pl.String)
    stage = pl.coalesce("stage", pl.col("kind").replace_strict(_STAGE_OF_KIND, default=None, return_dtype=pl.String))
    change = pl.col("statement_kind").is_in(_CHANGES)
    base = pl.when(change).then(pl.coalesce("base", pl.lit("unspecified")))
    return figures.with_columns(
        fund_source=pl.when(known).then(pl.coalesce(by_name, "fund_source")),
        nature=pl.when(known).then(pl.coalesce("nature", pl.lit("total"))),
        stage=pl.when(known).then(stage),
        base=pl.when(known).then(base.otherwise(pl.lit(""))),
        breakdown=pl.when(known).then(pl.coalesce("breakdown", pl.lit(""))),
        period_year=pl.when(known).then(pl.coalesce("period_year", "fiscal_year")),
        is_money=pl.col("unit").is_in(list(UNIT_IN_YUAN)),
    )
