"""A home with one small, whole warehouse in parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.contracts import CONTRACTS
from pipelines.settings import Home
from pipelines.warehouse.run import write_table

DOCUMENT = "a" * 64


def rows_of(table: str, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of a table in which what is not given is NULL, '' , 0, or the first allowed value."""
    blank = {
        column.name: None
        if column.null
        else (column.allowed[0] if column.allowed else "")
        if column.type == "text"
        else (column.minimum or 0)
        if column.type != "bool"
        else False
        for column in CONTRACTS[table].columns
    }
    return [blank | row for row in rows]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    filled = {
        "prov.document": rows_of("prov.document", {"document_id": DOCUMENT, "status": "read", "outcome": "read"}),
        "prov.figure": rows_of("prov.figure", {"figure_id": "b" * 20, "document_id": DOCUMENT, "value_text": "1"}),
        "core.dim_department": rows_of("core.dim_department", {"department_key": "d", "name": "财政局"}),
    }
    for name, contract in CONTRACTS.items():
        if contract.schema != "meta":
            write_table(contract.frame(filled.get(name, [])), contract, home.parquet)
    return home
