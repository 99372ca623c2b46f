"""Contracts as DuckDB DDL: tables with keys, NOT NULL, CHECK and comments."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.contracts import Column, Contract
from pipelines.warehouse.run import literal, quoted


def create_table(contract: Contract) -> str:
    """The CREATE TABLE statement of one contract."""
    lines = [_column(column) for column in contract.columns]
    if contract.primary_key:
        lines.append(f"primary key ({', '.join(map(quoted, contract.primary_key))})")
    body = ",\n  ".join(lines)
    return f"create table {quoted(contract.name)} (\n  {body}\n)"


def comments(contract: Contract) -> Iterator[str]:
    """COMMENT statements: Chinese label and meaning of the table and of each column."""
    name = quoted(contract.name)
    yield f"comment on table {name} is {literal(f'{contract.zh}. {contract.doc}')}"
    for column in contract.columns:
        yield f'comment on column {name}."{column.name}" is {literal(f"{column.zh}. {column.doc}")}'


def _column(column: Column) -> str:
    name = f'"{column.name}"'
    parts = [name, column.duckdb]
    if not column.null:
        parts.append("not null")
    conditions = []
    if column.allowed:
        conditions.append(f"{name} in ({', '.join(map(literal, column.allowed))})")
    if column.minimum is not None:
        conditions.append(f"{name} >= {column.minimum}")
    if column.maximum is not None:
        conditions.append(f"{name} <= {column.maximum}")
    if column.pattern:
        conditions.append(f"regexp_full_match({name}, {literal(column.pattern)})")
    if conditions:
        parts.append(f"check ({' and '.join(conditions)})")
    return " ".join(parts)
