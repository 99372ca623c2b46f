"""Publishing: parquet files become one DuckDB file, which takes the place of the one before in a single step.

The build is written under a temporary name, checked, renamed to `builds/juesuan-<build>.duckdb`, and only then does
the symlink `juesuan.duckdb` change. Whoever is killed in between leaves the published warehouse as it was; readers
see one build or the other. Each build has a file name of its own because reopening one path in one process can give
the old data.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import duckdb

from pipelines.contracts import CONTRACT_VERSION, CONTRACTS
from pipelines.errors import BuildError
from pipelines.files import digest_of, part_in, sha256_of
from pipelines.settings import BUILDS_KEPT, Home
from pipelines.warehouse import ddl
from pipelines.warehouse.models import Model, all_lineage, of_kind
from pipelines.warehouse.run import create_macros, literal, parquet_file, quoted

STORAGE_VERSION = "v1.2.0"
"""File format: every DuckDB client from 1.2 on can open it."""
_DATA = [name for name in CONTRACTS if not name.startswith("meta.")]


@dataclass(frozen=True)
class Build:
    """One published build: the row of meta.build and the file it is in."""

    build_id: str
    built_at: dt.datetime
    contract_version: str
    juesuan_version: str
    inputs_digest: str
    documents: int
    figures: int
    path: Path


@dataclass(frozen=True)
class Published:
    """The current build, and whether this call made it."""

    build: Build
    changed: bool


def current_build(home: Home) -> Build | None:
    """The build readers get now; None before the first, or when the link leads nowhere."""
    return _read_build(home.warehouse.resolve()) if home.warehouse.exists() else None


def list_builds(home: Home) -> list[Build]:
    """All builds that are kept, newest first."""
    return [_read_build(path) for path in sorted(home.builds.glob("juesuan-*.duckdb"), reverse=True)]


def inputs_digest(home: Home, models: Mapping[str, Model]) -> str:
    """Digest of everything a build is made of: tables, contracts, models and the version of juesuan.

    Raises BuildError naming the tables that have not been built.
    """
    files = {name: parquet_file(home.parquet, name) for name in _DATA}
    if missing := [name for name, file in files.items() if not file.exists()]:
        raise BuildError(f"Nothing to publish yet: {', '.join(missing)} not built in {home.parquet}.")
    parts = [CONTRACT_VERSION, version("juesuan")]
    parts += [text for contract in CONTRACTS.values() for text in (ddl.create_table(contract), *ddl.comments(contract))]
    parts += [f"{name} {sha256_of(file)}" for name, file in files.items()]
    parts += [f"{model.name} {model.digest}" for model in models.values()]
    return digest_of(parts)


def publish(home: Home, models: Mapping[str, Model], keep: int = BUILDS_KEPT) -> Published:
    """Publish the tables of `home` as its current warehouse and keep the last `keep` builds.

    Does nothing when the current build was made of the same inputs. The caller holds the home's lock. Raises
    BuildError when a table is missing or the file does not pass its checks; the published warehouse then stays.
    """
    digest = inputs_digest(home, models)
    current = current_build(home)
    if current is not None and current.inputs_digest == digest:
        return Published(current, changed=False)
    _remove_leftovers(home)
    built_at = _now()
    build_id = f"{built_at:%Y%m%dT%H%M%SZ}-{digest[:8]}"
    target = home.builds / f"juesuan-{build_id}.duckdb"
    with part_in(home.builds) as part:
        part.unlink()  # DuckDB wants to create the file itself
        try:
            _write(part, home, models, (build_id, built_at, CONTRACT_VERSION, version("juesuan"), digest))
            _validate(part, home, models)
        except duckdb.Error as error:
            raise BuildError(f"The new build was refused, the published one stays: {error}") from error
        _flush(part)
        part.rename(target)
    _point(home.warehouse, target)
    for old in sorted(home.builds.glob("juesuan-*.duckdb"), reverse=True)[max(keep, 1) :]:
        if old != target:
            old.unlink()
    return Published(_read_build(target), changed=True)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0, tzinfo=None)


def _write(path: Path, home: Home, models: Mapping[str, Model], build: tuple[str, dt.datetime, str, str, str]) -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach {literal(str(path))} as warehouse (storage_version {literal(STORAGE_VERSION)})")
        connection.execute("use warehouse")
        connection.execute("begin")  # one commit for all: each statement would wait for the disk
        for schema in dict.fromkeys(name.split(".")[0] for name in CONTRACTS):
            connection.execute(f'create schema "{schema}"')
        for name, contract in CONTRACTS.items():
            connection.execute(ddl.create_table(contract))
            if name in _DATA:
                columns = ", ".join(f'"{column.name}"' for column in contract.columns)
                source = literal(str(parquet_file(home.parquet, name)))
                connection.execute(f"insert into {quoted(name)} select {columns} from read_parquet({source})")
            for comment in ddl.comments(contract):
                connection.execute(comment)
        create_macros(models, connection)
        for view in of_kind(models, "view"):
            connection.execute(f'create schema if not exists "{view.name.split(".")[0]}"')
            connection.execute(f"create view {quoted(view.name)} as {view.sql}")
            connection.execute(f"comment on view {quoted(view.name)} is {literal(view.description)}")
        connection.execute(
            "insert into meta.build select ?, ?, ?, ?, ?,"
            " (select count(*) from prov.document), (select count(*) from prov.figure where value_state <> 'word')",
            build,
        )
        lineage = [tuple(row.values()) for row in all_lineage(models)]
        if lineage:
            connection.executemany("insert into meta.column_lineage values (?, ?, ?, ?, ?, ?)", lineage)
        connection.execute("commit")
        connection.execute("use memory")
        connection.execute("detach warehouse")  # writes the log into the file


def _validate(path: Path, home: Home, models: Mapping[str, Model]) -> None:
    with duckdb.connect(path, read_only=True) as connection:
        for name in _DATA:
            source = literal(str(parquet_file(home.parquet, name)))
            row = connection.execute(
                f"select (select count(*) from {quoted(name)}), (select count(*) from read_parquet({source}))"
            ).fetchone()
            if row is None or row[0] != row[1]:
                raise BuildError(f"The new build lost rows of {name} ({row}), the published one stays.")
        for view in of_kind(models, "view"):
            connection.execute(f"select * from {quoted(view.name)} limit 1").fetchall()


def _read_build(path: Path) -> Build:
    fields = "build_id, built_at, contract_version, juesuan_version, inputs_digest, documents, figures"
    with duckdb.connect(path, read_only=True) as connection:
        row = connection.execute(f"select {fields} from meta.build").fetchone()
    if row is None:
        raise BuildError(f"{path} is not a published warehouse: meta.build is empty. Delete it and build again.")
    return Build(*row, path=path)  # type: ignore[misc]  # mypy takes *row for a row of any length


def _remove_leftovers(home: Home) -> None:
    """Remove what a killed publish left: the part, DuckDB's log beside it, a link that was not yet swapped in."""
    for left in (*home.builds.glob(".*.part*"), *home.root.glob(f".{home.warehouse.name}.*")):
        left.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _point(link: Path, target: Path) -> None:
    """Make `link` lead to `target` in one step; the link is relative, so a home can be moved."""
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target.relative_to(link.parent))
    fresh.replace(link)
