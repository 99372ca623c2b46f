"""Running a SQL model over the parquet files of a home, in a DuckDB that lives in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipelines.contracts import CONTRACTS, Contract, conform
from pipelines.errors import BuildError
from pipelines.files import replacing
from pipelines.warehouse.models import Model, of_kind, tables_read, views_for


@dataclass(frozen=True)
class ModelRun:
    """What running a model gave: the file written, its rows, and the first ones to look at."""

    path: Path
    rows: int
    preview: pl.DataFrame


def parquet_file(parquet: Path, table: str) -> Path:
    """Where the rows of `schema.table` lie below the home's parquet folder."""
    schema, name = table.split(".")
    return parquet / schema / f"{name}.parquet"


def write_table(frame: pl.DataFrame, contract: Contract, parquet: Path) -> Path:
    """Write the rows of one table, sorted by its key so that equal content gives equal bytes; the swap is atomic."""
    path = parquet_file(parquet, contract.name)
    with replacing(path) as part:
        frame.sort(contract.primary_key or frame.columns).write_parquet(part)
    return path


@contextmanager
def session(models: Mapping[str, Model], model: Model, parquet: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB in memory that holds what `model` reads under its own names.

    Raises BuildError when a table it reads has not been built.
    """
    with duckdb.connect(":memory:") as connection:
        for table in sorted(tables_read(models, model)):
            file = parquet_file(parquet, table)
            if not file.exists():
                raise BuildError(f"{model.path} reads {table}, which has not been built: {file} does not exist.")
            connection.execute(f'create schema if not exists "{table.split(".")[0]}"')
            connection.execute(f"create view {quoted(table)} as from read_parquet({literal(str(file))})")
        create_macros(models, connection)
        for view in views_for(models, model.reads):
            connection.execute(f'create schema if not exists "{view.name.split(".")[0]}"')
            connection.execute(f"create view {quoted(view.name)} as {view.sql}")
        yield connection


def create_macros(models: Mapping[str, Model], connection: duckdb.DuckDBPyConnection) -> None:
    """Create the macros that views, checks and marts use; they stand in schema `prov`, made where it is missing."""
    connection.execute("create schema if not exists prov")
    for macros in of_kind(models, "macro"):
        connection.execute(macros.sql)


def select(models: Mapping[str, Model], model: Model, parquet: Path) -> pl.DataFrame:
    """The rows `model` gives over the parquet files. Raises BuildError naming the file when DuckDB refuses it."""
    with session(models, model, parquet) as connection:
        try:
            rows: pl.DataFrame = connection.sql(model.sql).pl()
        except duckdb.Error as error:
            raise BuildError(f"{model.path}: {error}") from error
    return rows


def run_mart(models: Mapping[str, Model], name: str, parquet: Path) -> ModelRun:
    """Compute one mart and write its parquet file.

    A mart that breaks its contract, as by two rows for one grain, is a fault of its SQL: BuildError with the rule
    and an example, and the file stays as it was.
    """
    model = models[name]
    contract = CONTRACTS[name]
    good, broken = conform(select(models, model, parquet), contract)
    if broken.height:
        rules = broken["rule"].value_counts(sort=True).rows()
        example = broken["row_json"][0]
        raise BuildError(
            f"{model.path} breaks the contract of {name} ({', '.join(f'{rule}: {n}' for rule, n in rules)}; "
            f"key {', '.join(contract.primary_key)}). One such row: {example}"
        )
    path = write_table(good, contract, parquet)
    return ModelRun(path, good.height, good.head(10))


def quoted(table: str) -> str:
    """`schema.table` as SQL identifiers."""
    return ".".join(f'"{part}"' for part in table.split("."))


def literal(text: str) -> str:
    """A text as a SQL string."""
    return "'" + text.replace("'", "''") + "'"
