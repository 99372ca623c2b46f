"""Contracts: every published table's columns, declared once.

From here come the polars types, the DuckDB DDL, the column schema shown in Dagster and the data dictionary.
`CONTRACTS["prov.figure"]` is a Contract; what extraction hands on is in `extracted`.
"""

from __future__ import annotations

from pipelines.contracts import disclosure, marts, meta, provenance, reference, star, trust
from pipelines.contracts.contract import Column, Contract, ContractError, conform

__all__ = [
    "CONTRACTS",
    "CONTRACT_VERSION",
    "Column",
    "Contract",
    "ContractError",
    "conform",
]

CONTRACT_VERSION = "1"
"""Raised when a published column changes its meaning, type or name, or goes away."""


CONTRACTS: dict[str, Contract] = {
    contract.name: contract
    for module in (provenance, reference, star, marts, disclosure, trust, meta)
    for contract in vars(module).values()
    if isinstance(contract, Contract) and contract.schema
}
"""All tables of the published warehouse by `schema.table`, in the order in which they are created."""
