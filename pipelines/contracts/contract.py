"""What a table contract is and how a frame is held to it.

A `Contract` is plain data: columns with type, Chinese label, description and rules. This is the only module that
knows dataframely, which does the checking. The tables themselves are declared beside it; DDL is rendered by the
warehouse.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import dataframely as dy
import polars as pl

__all__ = ["Column", "Contract", "ContractError", "conform"]

QUARANTINE_SCHEMA = pl.Schema(
    {"table_name": pl.String, "rule": pl.String, "row_json": pl.String, "document_id": pl.String}
)
_POLARS: dict[str, pl.DataType] = {
    "text": pl.String(),
    "int": pl.Int32(),
    "bigint": pl.Int64(),
    "double": pl.Float64(),
    "bool": pl.Boolean(),
    "timestamp": pl.Datetime("us"),
}


class ContractError(ValueError):
    """A frame has columns its contract does not know, or lacks ones it needs: a fault of the code that made it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One published column.

    `type` is text, int, bigint, double, bool, timestamp or decimal(p,s). `zh` is the Chinese label, `doc` the
    meaning with the unit. A column is NOT NULL unless `null`; `key` columns form the primary key. `allowed` lists
    the values it may take, `minimum` and `maximum` bound it, `pattern` is a regular expression the text must match
    in full. `formula` is how it is computed from other columns of the row, as SQL, but for rounding.

    What lies behind a number of a mart, where no formula leads to other columns: `printed_as` names the columns with
    the ids of the printed figures it was taken from. `behind` is a SELECT that gives those figures, or pages, for a row
    whose values stand for `$column`: in a count one row for each thing counted, the worst first. Its rows have
    `figure_id` or `figure_ids`, or else `document_id` and `page`; what else they have are words. `unprinted` says
    why no printed figure lies behind it.
    """

    name: str
    type: str
    zh: str
    doc: str
    key: bool = False
    null: bool = False
    allowed: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    pattern: str | None = None
    formula: str | None = None
    printed_as: tuple[str, ...] = ()
    behind: str | None = None
    unprinted: str | None = None

    @property
    def polars(self) -> pl.DataType:
        """The polars type of the column."""
        if self.type.startswith("decimal"):
            return pl.Decimal(*self._digits)
        return _POLARS[self.type]

    @property
    def duckdb(self) -> str:
        """The DuckDB type of the column."""
        return {"text": "VARCHAR", "int": "INTEGER", "bool": "BOOLEAN"}.get(self.type, self.type.upper())

    @property
    def constraints(self) -> list[str]:
        """The rules in words for people, as shown in the data dictionary and in Dagster."""
        rules = ["primary key"] if self.key else []
        rules += [] if self.null else ["not null"]
        rules += [f"one of {', '.join(self.allowed)}"] if self.allowed else []
        rules += [f"≥ {self.minimum}"] if self.minimum is not None else []
        rules += [f"≤ {self.maximum}"] if self.maximum is not None else []
        rules += [f"matches {self.pattern}"] if self.pattern else []
        return rules

    @property
    def _digits(self) -> tuple[int, int]:
        precision, scale = self.type.removeprefix("decimal(").removesuffix(")").split(",")
        return int(precision), int(scale)

    def _dataframely(self) -> dy.Column:
        common: dict[str, Any] = {"nullable": self.null and not self.key, "primary_key": self.key}
        bounds: dict[str, Any] = common | {"min": self.minimum, "max": self.maximum}
        match self.type:
            case "text":
                allowed = list(self.allowed)
                check = {"allowed": lambda expr: expr.is_in(allowed)} if allowed else None
                regex = f"^(?:{self.pattern})$" if self.pattern else None
                return dy.String(**common, regex=regex, check=check)
            case "int":
                return dy.Int32(**bounds)
            case "bigint":
                return dy.Int64(**bounds)
            case "double":
                return dy.Float64(**bounds)
            case "bool":
                return dy.Bool(nullable=self.null)
            case "timestamp":
                return dy.Datetime(**common)
            case _:
                return dy.Decimal(*self._digits, **bounds)


@dataclass(frozen=True)
class Contract:
    """One table: its schema and name, what a row is (`doc`), and its columns. `name` is `schema.table`."""

    schema: str
    table: str
    zh: str
    doc: str
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        """`schema.table`; the parquet interface of extraction has no schema."""
        return f"{self.schema}.{self.table}" if self.schema else self.table

    @property
    def primary_key(self) -> list[str]:
        """The columns of the primary key; empty where rows have none."""
        return [column.name for column in self.columns if column.key]

    @cached_property
    def polars_schema(self) -> pl.Schema:
        """Column names and polars types, in order: what the parquet file holds."""
        return pl.Schema({column.name: column.polars for column in self.columns})

    def empty(self) -> pl.DataFrame:
        """A frame of this table without rows."""
        return pl.DataFrame(schema=self.polars_schema)

    def frame(self, rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
        """Rows as a frame of this table's types; a missing key is NULL. Values that do not fit raise polars errors."""
        return pl.DataFrame(rows, schema=self.polars_schema, orient="row") if rows else self.empty()

    @cached_property
    def _schema(self) -> type[dy.Schema]:
        members = {column.name: column._dataframely() for column in self.columns}
        return type(self.table, (dy.Schema,), members)


def conform(frame: pl.DataFrame, contract: Contract) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split `frame` into the rows that keep `contract` and the rows that break it.

    Values are cast to the contract's types; nullable columns that are missing are added. The first frame has exactly
    the contract's columns. The second has the columns of `prov.quarantine`: one row per broken row and rule
    (`rule` is `column|rule` or `primary_key`; all copies of a repeated key are held back, since none is known to
    be the right one). Raises ContractError when the columns themselves do not fit.
    """
    known = {column.name for column in contract.columns}
    needed = {column.name for column in contract.columns if not column.null}
    if unknown := sorted(set(frame.columns) - known):
        raise ContractError(f"{contract.name}: columns {unknown} are not in the contract; declare or drop them.")
    if missing := sorted(needed - set(frame.columns)):
        raise ContractError(f"{contract.name}: columns {missing} are missing and may not be NULL.")
    absent = [pl.lit(None, c.polars).alias(c.name) for c in contract.columns if c.name not in frame.columns]
    frame = frame.with_columns(absent).select(contract.polars_schema.names())
    good, failure = contract._schema.filter(frame, cast=True)
    return pl.DataFrame(good), _quarantine(failure, contract)


def _quarantine(failure: dy.FailureInfo, contract: Contract) -> pl.DataFrame:
    rows: list[dict[str, str]] = []
    if len(failure):
        for row in failure.details().to_dicts():
            printed = {name: row[name] for name in contract.polars_schema}
            as_json = json.dumps(printed, ensure_ascii=False, default=str)
            broken = [name for name, state in row.items() if state == "invalid" and name not in printed]
            document_id = printed.get("document_id") or ""
            rows += [
                {"table_name": contract.name, "rule": rule, "row_json": as_json, "document_id": document_id}
                for rule in broken
            ]
    return pl.DataFrame(rows, schema=QUARANTINE_SCHEMA)
