"""The code location: assets by group, jobs, resources. Assembly only."""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg

from assets import checks, collect, extract, facts, mart, publish, star
from assets.resources import HomeResource, LogProgress

BUILD_ALL = "build_all"
READ = "read_listing"


def build_definitions(resources: Mapping[str, object] | None = None) -> dg.Definitions:
    """All definitions; `resources` replaces some of them, as the command line and tests do."""
    return dg.Definitions(
        assets=[
            *collect.ASSETS,
            *extract.ASSETS,
            *star.ASSETS,
            *facts.ASSETS,
            *mart.ASSETS,
            *checks.ASSETS,
            *publish.ASSETS,
        ],
        jobs=[
            dg.define_asset_job(
                BUILD_ALL,
                selection=dg.AssetSelection.all() - dg.AssetSelection.assets(collect.listing),
                description="Read the registered documents of a listing and publish a warehouse of all that is read.",
            ),
            dg.define_asset_job(
                collect.COLLECT,
                selection=dg.AssetSelection.all(),
                description="Ask a portal for one year's listing, read what came, publish a warehouse of all that is "
                "read.",
            ),
            dg.define_asset_job(
                READ,
                selection=dg.AssetSelection.groups("extract"),
                description="Read the registered documents of a listing, and publish nothing yet.",
            ),
        ],
        schedules=[collect.disclosure_season],
        sensors=[collect.drop_in_folder],
        resources={"home": HomeResource(), "progress": LogProgress(), **(resources or {})},
        # Documents are read in worker processes of our own; a process for each step would cost more than its work.
        executor=dg.in_process_executor,
    )


defs = build_definitions()
