"""The checks of `sql/checks` as rows of prov.check_result and as asset checks.

One step runs them all over finished tables. A check marked `Severity: error` stops publishing.
"""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from assets.extract import OWNERS
from assets.metadata import code_reference, column_schema, key_of, shown
from assets.resources import HomeResource
from assets.sql import CHECKS, MARTS, MODELS, check_result, check_spec, own_checks
from pipelines.settings import ROOT
from pipelines.warehouse.checks import RESULT, run_checks
from pipelines.warehouse.models import tables_read

KEY = key_of(RESULT.name)
_OF_A_MART = {check.name for mart in MARTS for check in own_checks(mart)}


@dg.asset(
    key=KEY,
    deps=sorted({key_of(table) for check in CHECKS for table in tables_read(MODELS, check)}),
    group_name=RESULT.schema,
    kinds={"sql", "duckdb", "parquet"},
    owners=OWNERS,
    description=RESULT.doc,
    metadata={**column_schema(RESULT), **code_reference(ROOT / "pipelines" / "warehouse" / "checks.py")},
    check_specs=[check_spec(check, KEY) for check in CHECKS if check.name not in _OF_A_MART],
)
def results(home: HomeResource) -> Iterator[dg.MaterializeResult[None]]:
    """Try every identity the printed figures must satisfy."""
    run, outcomes = run_checks(MODELS, home.home.parquet)
    yield dg.MaterializeResult(
        metadata=shown(run.preview, run.rows),
        check_results=[check_result(outcome) for outcome in outcomes if outcome.model.name not in _OF_A_MART],
    )


ASSETS = [results]
