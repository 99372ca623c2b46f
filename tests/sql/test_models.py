"""Runs each SQL mart and check over the small tables of its cases.

A case is a folder `<marts|checks>/<model>/<case>/` with `input.yaml` (tables by name, rows as mappings; `defaults`
gives values shared by the rows of a table) and `expect.yaml` (the rows that come out, in any order, with the
columns worth looking at).
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import yaml

from pipelines.contracts import CONTRACTS, Column
from pipelines.warehouse.checks import RULE, rules, run_check
from pipelines.warehouse.models import load_models, of_kind, tables_read
from pipelines.warehouse.run import run_mart, write_table

HERE = Path(__file__).parent
MODELS = load_models()
CASES = sorted(folder.parent for folder in HERE.glob("*/*/*/expect.yaml"))


def placeholder(column: Column) -> Any:
    """What a fixture need not say."""
    if column.null:
        return None
    if column.type == "text":
        return column.allowed[0] if column.allowed else ""
    return column.type == "bool" or 0


def write_inputs(case: Path, tables: frozenset[str], parquet: Path) -> None:
    given = yaml.safe_load((case / "input.yaml").read_text(encoding="utf-8"))
    defaults = given.pop("defaults", {})
    assert set(given) <= tables, f"{case} gives tables that the model does not read"
    if RULE.name in tables:
        write_table(rules(MODELS), RULE, parquet)
    for table in tables - {RULE.name}:
        contract = CONTRACTS[table]
        blank = {column.name: placeholder(column) for column in contract.columns} | defaults.get(table, {})
        rows = [blank | row for row in given.get(table, [])]
        for row in rows:
            assert set(row) <= set(contract.polars_schema), f"{case}: {table} has no such column: {row}"
            for column in contract.columns:
                if column.type.startswith("decimal") and row[column.name] is not None:
                    row[column.name] = Decimal(str(row[column.name]))
        write_table(contract.frame(rows), contract, parquet)


def comparable(row: dict[str, Any]) -> dict[str, Any]:
    return {key: float(value) if isinstance(value, Decimal | int) else value for key, value in row.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: "/".join(case.parts[-3:]))
def test_case(case: Path, tmp_path: Path) -> None:
    folder, model = case.parts[-3:-1]
    name = f"mart.{model}" if folder == "marts" else model
    write_inputs(case, tables_read(MODELS, MODELS[name]), tmp_path)
    if folder == "checks":
        got = run_check(MODELS, name, tmp_path)
    else:
        got = pl.read_parquet(run_mart(MODELS, name, tmp_path).path)
    expected = yaml.safe_load((case / "expect.yaml").read_text(encoding="utf-8"))
    columns = list(expected[0]) if expected else got.columns
    shown = [comparable(row) for row in got.select(columns).to_dicts()]
    assert sorted(shown, key=str) == sorted(map(comparable, expected), key=str)


@pytest.mark.parametrize("mart", sorted({case.parts[-2] for case in CASES if case.parts[-3] == "marts"}))
def test_formulas_hold_in_the_cases(mart: str, tmp_path: Path) -> None:
    """What `juesuan explain` shows as a formula is what the SQL computes, and some case has a value of it."""
    contract = CONTRACTS[f"mart.{mart}"]
    rows = []
    for case in (one for one in CASES if one.parts[-2] == mart):
        write_inputs(case, tables_read(MODELS, MODELS[contract.name]), tmp_path / case.name)
        rows.append(pl.read_parquet(run_mart(MODELS, contract.name, tmp_path / case.name).path))
    duckdb.register("given", pl.concat(rows))
    for column in contract.columns:
        if column.formula:
            off = f"abs({column.name} - ({column.formula})) > 0.51 / 10 ** {column.type[-2]}"
            if column.type == "int":
                off = f"{column.name} <> {column.formula}"
            seen, wrong = duckdb.sql(f"select count({column.name}), count_if({off}) from given").fetchall()[0]
            assert seen and not wrong, column.name


def test_every_mart_and_check_has_a_case() -> None:
    tested = {case.parts[-2] for case in CASES}
    assert tested == {model.name.removeprefix("mart.") for model in MODELS.values() if model.kind in ("mart", "check")}


def test_every_check_of_documents_says_what_it_demands_and_by_which_source() -> None:
    assert set(rules(MODELS)["check_id"]) == {model.name for model in of_kind(MODELS, "check") if not model.gate}
