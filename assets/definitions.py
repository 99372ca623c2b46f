"""The code location: assets by group, jobs, resources. Assembly only."""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg

from assets import checks, extract, mart, publish, star
from assets.resources import HomeResource, LogProgress

BUILD_ALL = "build_all"


def build_definitions(resources: Mapping[str, object] | None = None) -> dg.Definitions:
    """All definitions; `resources` replaces some of them, as the command line and tests do."""
    return dg.Definitions(
        assets=[*extract.ASSETS, *star.ASSETS, *mart.ASSETS, *checks.ASSETS, *publish.ASSETS],
        jobs=[
            dg.define_asset_job(
                BUILD_ALL,
                selection=dg.AssetSelection.all(),
                description="Read every registered document and publish a warehouse of them.",
            )
        ],
        resources={"home": HomeResource(), "progress": LogProgress(), **(resources or {})},
        # Documents are read in worker processes of our own; a process for each step would cost more than its work.
        executor=dg.in_process_executor,
    )


defs = build_definitions()
