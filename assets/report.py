"""What the command line says about a warehouse: outcomes, checks, builds, and query results as tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

import polars as pl
from rich.console import Console
from rich.table import Table

from pipelines.settings import Home
from pipelines.warehouse.publish import Build
from pipelines.warehouse.query import query

OUTCOMES = """
select outcome, count(*) as documents, sum(figures)::bigint as figures from prov.document group by all order by all
"""
NOT_READ = """
select file_name, outcome, coalesce(nullif(outcome_reason, ''), reason) as reason
from prov.document where outcome in ('rejected', 'conflict', 'withdrawn') order by outcome, file_name
"""
DOCUMENTS = """
select
    left(document_id, 12) as document, file_name, department_name as department, fiscal_year as year, kind, scope,
    figures, outcome, coalesce(nullif(outcome_reason, ''), reason) as reason
from prov.document order by file_name, document
"""
CHECKS = "select verdict, count(*) as identities from prov.check_result group by all order by all"
REFUSED = "select count(*) as refused from prov.document where outcome in ('rejected', 'conflict')"


def refused(home: Home) -> int:
    """How many documents of the published warehouse were rejected or are in conflict."""
    return int(query(home.warehouse, REFUSED).item())


def summary(console: Console, home: Home, build: Build) -> None:
    """Outcomes by count, what was not read and why, what the checks found, and where the warehouse is."""
    show(console, query(home.warehouse, OUTCOMES), "Documents by outcome")
    not_read = query(home.warehouse, NOT_READ)
    if not_read.height:
        show(console, not_read, "Not read as they are, and why")
    checks = query(home.warehouse, CHECKS)
    if checks.height:
        console.print("Checks: " + ", ".join(f"{count:,} {verdict}" for verdict, count in checks.rows()))
    console.print(f"{build.figures:,} printed figures of {build.documents:,} documents, build {build.build_id}")
    console.print(f"Warehouse: {home.warehouse}", soft_wrap=True)


def builds(console: Console, kept: Iterable[Build], current: Build) -> None:
    """The builds that are kept, newest first."""
    table = Table(title="Builds", title_justify="left")
    for column in ("build", "documents", "figures", ""):
        table.add_column(column, justify="right" if column in ("documents", "figures") else "left")
    for build in kept:
        mark = "current" if build.build_id == current.build_id else ""
        table.add_row(build.build_id, f"{build.documents:,}", f"{build.figures:,}", mark)
    console.print(table)


def show(console: Console, frame: pl.DataFrame, title: str | None = None) -> None:
    """A frame as a table: numbers with thousands separators on the right, NULL as a dash."""
    table = Table(title=title, title_justify="left", expand=False)
    for name, dtype in frame.schema.items():
        table.add_column(name, justify="right" if dtype.is_numeric() else "left", overflow="fold")
    years = {name for name in frame.columns if name == "year" or name.endswith("_year")}
    for row in frame.iter_rows(named=True):
        table.add_row(*(_cell(value, name in years) for name, value in row.items()))
    console.print(table)


def _cell(value: object, is_year: bool) -> str:
    match value:
        case None:
            return "–"
        case int() | Decimal() if not is_year and not isinstance(value, bool):
            return f"{value:,}"
        case dt.datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case _:
            return str(value)
