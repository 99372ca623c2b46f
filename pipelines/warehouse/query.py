"""Asking a published warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl

from pipelines.errors import UsageError


def query(warehouse: Path, sql: str, parameters: Sequence[object] = ()) -> pl.DataFrame:
    """The rows a SELECT gives on the warehouse file at `warehouse`, opened read-only.

    `parameters` are the values of its `?`. The link is resolved first, so that the build that is current now is read.
    Raises UsageError when there is no warehouse or DuckDB refuses the SQL.
    """
    if not warehouse.exists():
        raise UsageError(f"There is no warehouse at {warehouse}. Run `juesuan build` first.")
    try:
        with duckdb.connect(warehouse.resolve(), read_only=True) as connection:
            rows: pl.DataFrame = connection.sql(sql, params=parameters or None).pl()
    except duckdb.Error as error:
        raise UsageError(f"{warehouse}: {error}") from error
    return rows
