"""Group `meta`: the published warehouse. Waits for every table and for the checks that gate it."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from assets.metadata import code_reference, column_schema, key_of
from assets.owners import OWNERS
from assets.resources import HomeResource
from assets.sql import MODELS
from pipelines.contracts import CONTRACTS
from pipelines.settings import ROOT
from pipelines.warehouse.publish import publish

POOL = "warehouse"
"""Writers of the DuckDB file take turns."""
META = {name: contract for name, contract in CONTRACTS.items() if contract.schema == "meta"}


@dg.multi_asset(
    name="publish",
    specs=[
        dg.AssetSpec(
            key_of(name),
            deps=[key_of(table) for table in CONTRACTS if table not in META],
            group_name=contract.schema,
            kinds={"duckdb"},
            owners=OWNERS,
            description=contract.doc,
            metadata={
                **column_schema(contract),
                **code_reference(ROOT / "pipelines" / "warehouse" / "publish.py"),
            },
        )
        for name, contract in META.items()
    ],
    pool=POOL,
)
def published(home: HomeResource) -> Iterator[dg.MaterializeResult[None]]:
    """Write all tables into one DuckDB file and swap it in; equal tables give no new build."""
    outcome = publish(home.home, MODELS)
    build = outcome.build
    for name in META:
        yield dg.MaterializeResult(
            asset_key=key_of(name),
            metadata={
                "warehouse": dg.MetadataValue.path(home.home.warehouse),
                "build": build.build_id,
                "new_build": outcome.changed,
                "documents": build.documents,
                "figures": build.figures,
            },
        )


ASSETS = [published]
