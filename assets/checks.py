"""The checks of `sql/checks` as rows and as asset checks.

Identities of printed figures are tried before facts are made, rules of facts and marts when all is done. A check
marked `Severity: error` stops publishing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import dagster as dg

from assets.metadata import code_reference, column_schema, key_of, shown
from assets.owners import OWNERS
from assets.resources import HomeResource
from assets.sql import MARTS, MODELS, check_result, check_spec, own_checks
from pipelines.contracts import Contract
from pipelines.settings import ROOT, SQL
from pipelines.warehouse.checks import GATE_RESULT, RESULT, RULE, gates, identities, rules, run_checks
from pipelines.warehouse.models import Model, tables_read
from pipelines.warehouse.run import write_table

_OF_A_MART = {check.name for mart in MARTS for check in own_checks(mart)}


def checks_asset(contract: Contract, checks: Sequence[Model], doc: str) -> dg.AssetsDefinition:
    """The asset that runs `checks` and keeps their rows as the table of `contract`."""
    key = key_of(contract.name)
    shown_here = [check for check in checks if check.name not in _OF_A_MART]

    @dg.asset(
        key=key,
        deps=sorted({key_of(table) for check in checks for table in tables_read(MODELS, check)}),
        group_name=contract.schema,
        kinds={"sql", "duckdb", "parquet"},
        owners=OWNERS,
        description=f"{doc} {contract.doc}",
        metadata={**column_schema(contract), **code_reference(ROOT / "pipelines" / "warehouse" / "checks.py")},
        check_specs=[check_spec(check, key) for check in shown_here],
    )
    def results(home: HomeResource) -> Iterator[dg.MaterializeResult[None]]:
        run, outcomes = run_checks(MODELS, checks, home.home.parquet, contract)
        yield dg.MaterializeResult(
            metadata=shown(run.preview, run.rows),
            check_results=[check_result(outcome) for outcome in outcomes if outcome.model in shown_here],
        )

    return results


@dg.asset(
    key=key_of(RULE.name),
    group_name=RULE.schema,
    kinds={"sql", "parquet"},
    owners=OWNERS,
    description=RULE.doc,
    metadata={**column_schema(RULE), **code_reference(SQL / "checks")},
)
def check_rules(home: HomeResource) -> dg.MaterializeResult[None]:
    """Say what each identity demands, from the head of its file."""
    told = rules(MODELS)
    write_table(told, RULE, home.home.parquet)
    return dg.MaterializeResult(metadata=shown(told))


ASSETS = [
    check_rules,
    checks_asset(RESULT, identities(MODELS), "Try every identity the printed figures must satisfy."),
    checks_asset(GATE_RESULT, gates(MODELS), "Try every rule of facts and marts."),
]
