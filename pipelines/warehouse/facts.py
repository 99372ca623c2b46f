"""Facts that are published: those chosen, but for figures of tables that were read wrongly.

What is a fact is decided in `pipelines.normalise.facts`; which figures are blocked in `blame`.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.contracts import Contract
from pipelines.files import replacing
from pipelines.warehouse.run import ModelRun, parquet_file, write_table


def write_chosen(frame: pl.DataFrame, contract: Contract, parquet: Path) -> Path:
    """Keep the rows chosen for a fact table until it is known which are blocked."""
    path = _chosen_file(contract, parquet)
    with replacing(path) as part:
        frame.sort(contract.primary_key).write_parquet(part)
    return path


def publish_facts(contract: Contract, parquet: Path) -> ModelRun:
    """Write a fact table: the chosen rows whose figure is not in prov.blocked_figure."""
    blocked = pl.read_parquet(parquet_file(parquet, "prov.blocked_figure"))
    facts = pl.read_parquet(_chosen_file(contract, parquet)).join(blocked, on="figure_id", how="anti")
    return ModelRun(write_table(facts, contract, parquet), facts.height, facts.head(10))


def _chosen_file(contract: Contract, parquet: Path) -> Path:
    return parquet_file(parquet, f"chosen.{contract.name.split('.')[1]}")
