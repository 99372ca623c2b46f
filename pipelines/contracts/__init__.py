"""Contracts: every published table's columns, declared once.

From here come the polars types, the DuckDB DDL, the column schema shown in Dagster and the data dictionary.
`CONTRACTS["prov.figure"]` is a Contract; `EXTRACTED_*` describe the parquet files that extraction hands on.
"""

from __future__ import annotations

from pipelines.contracts import disclosure, extracted, marts, meta, provenance, reference, star, trust
from pipelines.contracts.contract import Column, Contract, ContractError, conform

__all__ = [
    "CONTRACTS",
    "CONTRACT_VERSION",
    "EXTRACTED_DOCUMENT",
    "EXTRACTED_FIGURE",
    "EXTRACTED_TABLE",
    "EXTRACTED_UNIT",
    "Column",
    "Contract",
    "ContractError",
    "conform",
]

CONTRACT_VERSION = "1"
"""Raised when a published column changes its meaning, type or name, or goes away."""

EXTRACTED_DOCUMENT = extracted.DOCUMENT
EXTRACTED_TABLE = extracted.TABLE
EXTRACTED_FIGURE = extracted.FIGURE
EXTRACTED_UNIT = extracted.UNIT

CONTRACTS: dict[str, Contract] = {
    contract.name: contract
    for module in (provenance, reference, star, marts, disclosure, trust, meta)
    for contract in vars(module).values()
    if isinstance(contract, Contract) and contract.schema
}
"""All tables of the published warehouse by `schema.table`, in the order in which they are created."""
