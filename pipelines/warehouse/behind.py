"""What lies behind the numbers of a row, as the contract of its mart says: other columns, printed figures, or neither.

Finding the row is in `asked`, what is known of a figure in `printed`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pipelines.contracts import Column, Contract
from pipelines.warehouse import printed
from pipelines.warehouse.printed import Row
from pipelines.warehouse.query import query
from pipelines.warehouse.run import literal

_PLACE = ("figure_id", "figure_ids", "document_id", "page")
_SIGNS = str.maketrans({"/": "÷", "*": "×", "-": "−"})


class Evidence(NamedTuple):
    """One thing behind a number: what is said of it, its printed figures, and the document and page of such without."""

    words: str
    figure_ids: list[str]
    page: tuple[str, int] | None


class Counted(NamedTuple):
    """What a query behind some columns gives: how many things, the first of them, and the query itself."""

    columns: list[Column]
    rows: int
    first: list[Evidence]
    sql: str


def leading_columns(contract: Contract, column: Column) -> list[Column]:
    """The columns that say what lies behind `column`: itself, or those its formula follows from, and so on."""
    if not column.formula:
        return [column]
    found = [one for name in names_in(contract, column.formula) for one in leading_columns(contract, name)]
    return list(dict.fromkeys(found))


def counted(warehouse: Path, columns: Sequence[Column], row: Row, most: int) -> Iterator[Counted]:
    """What the queries behind `columns` give for `row`, the first `most` of each; equal queries once."""
    queries: dict[str, list[Column]] = {}
    for column in columns:
        if column.behind and row[column.name] is not None:
            queries.setdefault(filled(column.behind, row), []).append(column)
    for sql, of in queries.items():
        rows = query(warehouse, f"select count(*) from ({sql})").item()
        found = query(warehouse, f"select * from ({sql}) limit {most}").to_dicts()
        yield Counted(of, rows, [_evidence(one) for one in found], sql)


def filled(sql: str, row: Row) -> str:
    """A query of a contract with the values of a row put in, as it can be run anywhere."""
    return re.sub(r"\$([a-z_]+)", lambda name: _literal(row[name[1]]), sql)


def value(contract: Contract, column: Column, row: Row) -> str:
    """The value; how it follows from others, with names and then with numbers; what it means."""
    parts = [printed.number(row[column.name])]
    if column.formula:
        signs = column.formula.translate(_SIGNS)
        parts.append(f"= {signs}")
        if row[column.name] is not None:
            known = {one.name for one in names_in(contract, column.formula)}
            parts.append("= " + re.sub(r"[a-z_]{2,}", lambda name: _term(row[name[0]]) if name[0] in known else name[0],
                                       signs))  # fmt: skip
    return f"{' '.join(parts)}  · {column.doc}"


def names_in(contract: Contract, formula: str) -> list[Column]:
    """The columns that a formula names, in its order."""
    columns = {column.name: column for column in contract.columns}
    return [columns[name] for name in dict.fromkeys(re.findall(r"[a-z_]{2,}", formula)) if name in columns]


def _evidence(row: Row) -> Evidence:
    ids = " ".join(filter(None, (row.get("figure_id"), row.get("figure_ids")))).split()
    page = (row["document_id"], row["page"]) if row.get("document_id") and row.get("page") else None
    words = (printed.number(given) for name, given in row.items() if name not in _PLACE and given not in (None, ""))
    return Evidence(" · ".join(words), ids, None if ids else page)


def _literal(given: object) -> str:
    return "null" if given is None else literal(given) if isinstance(given, str) else str(given)


def _term(given: object) -> str:
    """A number as part of a formula."""
    text = printed.number(given)
    return f"({text})" if text.startswith("-") else text
