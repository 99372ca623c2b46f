"""SQL models: what the files of `sql/` say about themselves, without running them.

A file holds one plain SELECT. Its path is its identity: `sql/marts/x.sql` computes `mart.x`, `sql/checks/x.sql` is
the check `x`, `sql/views/<schema>/x.sql` is the view `<schema>.x`. The comment block at the top describes it; lines
such as `Source: …` in it are tags, which go on in lines set in by three blanks. Files of `sql/macros` create the
macros that the SELECTs use; they read no tables.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from sqlglot import exp, parse
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage

from pipelines.contracts import CONTRACTS
from pipelines.errors import BuildError
from pipelines.files import digest_of
from pipelines.settings import SQL

Kind = Literal["mart", "check", "view", "macro"]
_TAG = re.compile(r"^(Demands|要求|Source|Proves|Severity): (.+)$")
_GOES_ON = "--   "


@dataclass(frozen=True)
class Source:
    """One column that a computed column is made from."""

    column: str
    source_table: str
    source_column: str


@dataclass(frozen=True)
class Model:
    """One SQL file. `name` is `schema.table` for marts and views, the bare file name for checks, `macros/file` else."""

    name: str
    kind: Kind
    path: Path
    sql: str

    @cached_property
    def _header(self) -> dict[str, str]:
        """The comment block at the top: its tags by name, and what is no tag as ''."""
        parts = {"": ""}
        last = ""
        for line in itertools.takewhile(lambda line: line.startswith("--"), self.sql.splitlines()):
            words = line.removeprefix("--").strip()
            if tag := _TAG.match(words):
                last, words = tag[1], tag[2]
            elif not line.startswith(_GOES_ON):
                last = ""
            parts[last] = f"{parts.get(last, '')} {words}".strip()
        return parts

    @property
    def description(self) -> str:
        """The comment block at the top without its tags, as one paragraph."""
        return self._header[""]

    @property
    def demands(self) -> str:
        """What a check demands, in one line; '' where it does not say."""
        return self._header.get("Demands", "")

    @property
    def demands_zh(self) -> str:
        """The same in Chinese."""
        return self._header.get("要求", "")

    @property
    def source(self) -> str:
        """The law, form or table note from which a check follows; '' where none is named."""
        return self._header.get("Source", "")

    @property
    def proves_amounts(self) -> bool:
        """Whether the figures of a check that holds are proven by it (not where `Proves: names`)."""
        return self._header.get("Proves") != "names"

    @property
    def about(self) -> str:
        """All of that in one text, for people."""
        demands = f"{self.demands[:1].upper()}{self.demands[1:]}. " if self.demands else ""
        return f"{demands}{self.description}{f' By: {self.source}' if self.source else ''}"

    @property
    def gate(self) -> bool:
        """Whether a failed row of this check stops publishing (`Severity: error`)."""
        return self._header.get("Severity") == "error"

    @property
    def digest(self) -> str:
        """Digest of the SQL text, the same in every process: the code version of the model."""
        return digest_of([self.sql])

    @cached_property
    def query(self) -> exp.Query:
        """The parsed SELECT. Raises BuildError naming the file when it is anything else."""
        try:
            statements = [statement for statement in parse(self.sql, dialect="duckdb") if statement is not None]
        except SqlglotError as error:
            raise BuildError(f"{self.path}: {error}") from error
        if len(statements) != 1 or not isinstance(statements[0], exp.Query):
            raise BuildError(f"{self.path}: one plain SELECT is expected, nothing before or after it.")
        return statements[0]

    @cached_property
    def reads(self) -> frozenset[str]:
        """Tables and views it reads, as `schema.table`. Raises BuildError for a table without schema."""
        if self.kind == "macro":
            return frozenset()  # it reads what it is given
        names = {cte.alias_or_name for cte in self.query.find_all(exp.CTE)}
        tables = [table for table in self.query.find_all(exp.Table) if table.name]
        for table in tables:
            if not table.db and table.name not in names:
                raise BuildError(f"{self.path}: write the schema of table '{table.name}', such as core.{table.name}.")
        return frozenset(f"{table.db}.{table.name}" for table in tables if table.db)


def load_models(folder: Path = SQL) -> dict[str, Model]:
    """All SQL models below `folder` by name.

    Raises BuildError naming the file when it is not a single SELECT or reads a table that is not declared.
    """
    models: dict[str, Model] = {}
    for path in sorted(folder.glob("*/**/*.sql")):
        model = _model_at(path, path.relative_to(folder))
        models[model.name] = model
    known = set(CONTRACTS) | {model.name for model in models.values() if model.kind == "view"}
    for model in models.values():
        if unknown := sorted(model.reads - known):
            raise BuildError(f"{model.path}: there is no table {', '.join(unknown)}.")
        if model.kind == "mart" and model.name not in CONTRACTS:
            raise BuildError(f"{model.path}: declare the columns of {model.name} in pipelines/contracts.")
    return models


def of_kind(models: Mapping[str, Model], kind: Kind) -> list[Model]:
    """The models of one kind; a view comes after the views it reads."""
    chosen = [model for model in models.values() if model.kind == kind]
    return _views_in_order(models, chosen) if kind == "view" else chosen


def views_for(models: Mapping[str, Model], reads: Iterable[str]) -> list[Model]:
    """The views needed to run what reads `reads`, each after the views it reads itself."""
    return _views_in_order(models, [models[name] for name in sorted(reads) if _is_view(models.get(name))])


def tables_read(models: Mapping[str, Model], model: Model) -> frozenset[str]:
    """The tables a model depends on, as `schema.table`, with views resolved to the tables below them."""
    views = views_for(models, model.reads)
    return frozenset(name for one in (model, *views) for name in one.reads if not _is_view(models.get(name)))


def column_lineage(model: Model, columns: Mapping[str, list[str]]) -> list[Source]:
    """Which columns each column of `model` comes from, sorted.

    `columns` gives the columns of each table and view it may read. What comes from constants only has no row.
    """
    schema: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for name in model.reads:
        db, table = name.split(".")
        schema[db][table] = dict.fromkeys(columns[name], "VARCHAR")
    try:
        found = {
            Source(column, f"{leaf.source.db}.{leaf.source.name}", leaf.name.split(".")[-1].strip('"'))
            for column, root in lineage(None, model.query, schema, dialect="duckdb", trim_selects=False).items()
            for leaf in _leaves(root)
            if isinstance(leaf.source, exp.Table)
        }
    except SqlglotError as error:
        raise BuildError(f"{model.path}: {error}") from error
    return sorted(found, key=lambda one: (one.column, one.source_table, one.source_column))


def all_lineage(models: Mapping[str, Model]) -> list[dict[str, str]]:
    """Rows of meta.column_lineage for all marts and views."""
    columns = {name: contract.polars_schema.names() for name, contract in CONTRACTS.items()}
    rows = []
    for model in (*of_kind(models, "view"), *of_kind(models, "mart")):
        columns.setdefault(model.name, list(model.query.named_selects))
        for source in column_lineage(model, columns):
            schema, table = model.name.split(".")
            source_schema, source_table = source.source_table.split(".")
            rows.append(
                {
                    "schema": schema, "table": table, "column": source.column,
                    "source_schema": source_schema, "source_table": source_table, "source_column": source.source_column,
                }
            )  # fmt: skip
    return rows


def _model_at(path: Path, relative: Path) -> Model:
    kind: Kind
    match relative.parts:
        case ("marts", file):
            name, kind = f"mart.{Path(file).stem}", "mart"
        case ("checks", file):
            name, kind = Path(file).stem, "check"
        case ("views", schema, file):
            name, kind = f"{schema}.{Path(file).stem}", "view"
        case ("macros", file):
            name, kind = f"macros/{Path(file).stem}", "macro"
        case _:
            raise BuildError(f"{path}: models lie in marts/, checks/, views/<schema>/ or macros/.")
    model = Model(name, kind, path, path.read_text(encoding="utf-8"))
    if not model.description:
        raise BuildError(f"{path}: begin with a comment that says what the model is.")
    return model


def _is_view(model: Model | None) -> bool:
    return model is not None and model.kind == "view"


def _views_in_order(models: Mapping[str, Model], views: Iterable[Model]) -> list[Model]:
    ordered: dict[str, Model] = {}

    def visit(view: Model, path: tuple[str, ...]) -> None:
        if view.name in path:
            raise BuildError(f"{view.path}: views read each other in a circle: {' → '.join((*path, view.name))}.")
        for name in sorted(view.reads):
            if _is_view(models.get(name)):
                visit(models[name], (*path, view.name))
        ordered.setdefault(view.name, view)

    for view in views:
        visit(view, ())
    return list(ordered.values())


def _leaves(node: Node) -> list[Node]:
    return [leaf for child in node.downstream for leaf in _leaves(child)] if node.downstream else [node]
