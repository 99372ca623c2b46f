"""Reading all figures again, whose error broken identities are, and the facts that may be published.

In-document identities come first (`checks`), then the second reading, then facts without the tables that were read
wrongly; marts are made of those.
"""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.metadata import code_reference, column_schema, key_of, shown
from assets.owners import OWNERS
from assets.resources import HomeResource
from assets.star import CHOSEN, chosen_key
from pipelines.contracts import CONTRACTS
from pipelines.settings import ROOT
from pipelines.warehouse.blame import blame
from pipelines.warehouse.facts import publish_facts
from pipelines.warehouse.run import parquet_file, write_table

BLAMED = ("prov.rereading", "prov.second_reading", "prov.blame", "prov.blocked_figure")


def _specs(names: tuple[str, ...], module: str, *upstream: dg.AssetKey) -> list[dg.AssetSpec]:
    return [
        dg.AssetSpec(
            key_of(name),
            deps=list(upstream),
            group_name=CONTRACTS[name].schema,
            kinds={"python", "parquet"},
            owners=OWNERS,
            description=CONTRACTS[name].doc,
            metadata={
                **column_schema(CONTRACTS[name]),
                **code_reference(ROOT / "pipelines" / "warehouse" / module),
            },
        )
        for name in names
    ]


@dg.multi_asset(
    name="reread",
    specs=_specs(
        BLAMED, "blame.py", key_of("prov.check_result"), key_of("prov.figure"), dg.AssetKey(["raw", "documents"])
    ),
)
def reread(home: HomeResource) -> Iterator[dg.MaterializeResult[None]]:
    """Read all figures a second time: where both readings agree, an identity that breaks is the publisher's error."""
    parquet = home.home.parquet
    results = pl.read_parquet(parquet_file(parquet, "prov.check_result"))
    figures = pl.read_parquet(parquet_file(parquet, "prov.figure"))
    found = blame(results, figures, home.archive.path, home.home.reread_cache, home.processes)
    for name, frame in zip(BLAMED, found, strict=True):
        write_table(frame, CONTRACTS[name], parquet)
        yield dg.MaterializeResult(asset_key=key_of(name), metadata=shown(frame))


@dg.multi_asset(
    name="facts",
    specs=_specs(CHOSEN, "facts.py", *(chosen_key(name) for name in CHOSEN), key_of("prov.blocked_figure")),
)
def facts(home: HomeResource) -> Iterator[dg.MaterializeResult[None]]:
    """Publish the facts chosen, but for those of tables that were read wrongly."""
    for name in CHOSEN:
        run = publish_facts(CONTRACTS[name], home.home.parquet)
        yield dg.MaterializeResult(asset_key=key_of(name), metadata=shown(run.preview, run.rows))


ASSETS = [reread, facts]
