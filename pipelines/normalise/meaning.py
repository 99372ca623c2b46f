"""What a figure of a table means: measure, money, nature, stage, year and subject, from title, header and row label.

`headers` reads the columns, `outline` tells where each row stands and `labels` what it is about; here they are put
together. A figure is never forced: when one level of its header or its row label is unknown, it keeps no measure and
becomes no fact.
"""

from __future__ import annotations

import re

import msgspec
import polars as pl

from pipelines.catalogue.columns import Axes, column_catalogue
from pipelines.normalise.amounts import UNIT_IN_YUAN
from pipelines.normalise.headers import HeaderMeaning, read_header
from pipelines.normalise.labels import Place, RowMeaning, read_label
from pipelines.normalise.outline import with_places
from pipelines.normalise.subjects import CodeList
from pipelines.words import canonical

STAGE_OF_KIND = {"budget": "initial_budget", "final": "final"}
CHANGES = ("delta", "pct_change", "share", "exec_rate")
_RATIOS = ("pct_change", "share", "exec_rate")
_AXES = ["measure_id", "statement_kind", "fund_source", "nature", "stage", "base", "breakdown"]


class Meaning(msgspec.Struct, frozen=True):
    """What one figure means, NULL where not known. `year` is printed, else `years_back` counts from the document's."""

    measure_id: str | None = None
    statement_kind: str | None = None
    fund_source: str | None = None
    nature: str | None = None
    stage: str | None = None
    base: str | None = None
    breakdown: str | None = None
    year: int | None = None
    years_back: int = 0
    money: bool = True
    inferred: str | None = None
    item: bool = False


_MONEY_UNKNOWN = re.compile(r"人数|数量|编制|面积|比例|比率|占比|%|批次|人次|\((辆|台|套|个|人|次)\)")
_DTYPES: dict[str, type[pl.DataType]] = {
    "year": pl.Int32, "years_back": pl.Int32, "money": pl.Boolean, "item": pl.Boolean,
}  # fmt: skip


def read_tables(figures: pl.DataFrame, tables: pl.DataFrame, codes: CodeList) -> pl.DataFrame:
    """Table figures with their meaning.

    `figures` has the columns of extracted_figure plus `kind`, `fiscal_year` and `department_name` of the document.
    Adds `subject_code_inferred`, `is_money` and `is_item`, and fills measure_id, statement_kind, fund_source, nature,
    stage, base, breakdown and period_year.
    """
    official, places = with_places(figures.filter(pl.col("table_id").is_not_null()), tables, codes)
    figures = pl.concat([official, figures.filter(pl.col("table_id").is_null())], how="diagonal")
    carrying = _tables_with_carry_over(figures)
    columns = ["document_id", "table_no", "table_id", "table_title", "column_path", "row_label", "subject_code"]
    meanings = [
        _meaning(table_id, title, path, label, code, places[place_no], (document_id, table_no) in carrying)
        if table_id
        else Meaning(money=_MONEY_UNKNOWN.search(canonical(path)) is None)
        for document_id, table_no, table_id, title, path, label, code, place_no in figures.select(
            *columns, "place_no"
        ).iter_rows()
    ]
    names = Meaning.__struct_fields__
    read = figures.drop("place_no", *_AXES).with_columns(
        figures.get_column("stage").alias("noted"),
        *(pl.Series(name, [getattr(m, name) for m in meanings], dtype=_DTYPES.get(name, pl.String)) for name in names),
    )
    known = pl.col("measure_id").is_not_null()
    # A note under the table may say which budget its 预算数 is.
    printed = pl.when(pl.col("stage") == "initial_budget").then(pl.coalesce("noted", "stage")).otherwise("stage")
    stage = pl.coalesce(printed, pl.col("kind").replace_strict(STAGE_OF_KIND, default=None, return_dtype=pl.String))
    # In a budget, what was executed is the year before unless the header prints another year.
    back = pl.max_horizontal(
        pl.col("years_back"), ((pl.col("stage") == "execution") & (pl.col("kind") == "budget")).cast(pl.Int32)
    )
    return read.with_columns(
        stage=pl.when(known).then(stage),
        period_year=pl.when(known).then(pl.coalesce("year", pl.col("fiscal_year") - back)).cast(pl.Int32),
        is_money=pl.col("money") & pl.col("unit").is_in(list(UNIT_IN_YUAN)),
        unit=_unit(),
        subject_code_inferred=pl.col("inferred"),
        is_item=pl.col("item"),
    ).drop("year", "years_back", "money", "inferred", "item", "noted")


def _unit() -> pl.Expr:
    """The printed unit, but % for a ratio and the unit in its label for a count in a table of money: 保有量（辆）."""
    kind = pl.col("statement_kind")
    counted = pl.col("row_label").str.extract(r"[（(](\p{Han})[）)]\s*$").fill_null("")
    of_money = pl.col("unit").is_in(list(UNIT_IN_YUAN))
    return (
        pl.when(kind.is_in(_RATIOS))
        .then(pl.lit("%"))
        .when((kind == "count") & of_money)
        .then(counted)
        .otherwise("unit")
        .alias("unit")
    )


def _tables_with_carry_over(figures: pl.DataFrame) -> set[tuple[str, int]]:
    """The tables, by document and number, that have a column of balances carried over."""
    tables = column_catalogue().tables
    columns = figures.select("document_id", "table_no", "table_id", "table_title", "column_path").unique()
    found: set[tuple[str, int]] = set()
    for document_id, table_no, table_id, title, path in columns.iter_rows():
        if table_id in tables and tables[table_id].with_carry_over:
            header = read_header(table_id, title, path)
            if header and header.axes.measure_id in ("opening_balance", "closing_balance"):
                found.add((document_id, table_no))
    return found


def _meaning(
    table_id: str, title: str, path: str, label: str, code: str | None, place: Place, carrying: bool
) -> Meaning:
    header = read_header(table_id, title, path)
    if header is None:
        return Meaning(money=_MONEY_UNKNOWN.search(canonical(path)) is None)
    row = read_label(table_id, header.side, label, code, place)
    if row is None:
        return Meaning(money=header.money)
    if carrying and header.unnamed:
        header = header._replace(axes=header.axes.refined_by(Axes(column_catalogue().tables[table_id].with_carry_over)))
    return _combine(header, row)


def _combine(header: HeaderMeaning, row: RowMeaning) -> Meaning:
    axes = header.axes.refined_by(row.axes)
    if axes.measure_id is None:
        return Meaning(money=header.money, inferred=row.inferred)
    # What a measure implies by its name holds unless the row said otherwise: a fund row under 年初结转和结余.
    if implied := column_catalogue().implied.get(axes.measure_id):
        axes = axes.refined_by(implied)
    base = (axes.base or "unspecified") if axes.statement_kind in CHANGES else ""
    return Meaning(
        axes.measure_id, axes.statement_kind, axes.fund_source, axes.nature, axes.stage, base, axes.breakdown or "",
        row.year or header.year, header.years_back, header.money, row.inferred, row.item,
    )  # fmt: skip
