"""The models of `sql/` as the assets see them, and a check as Dagster wants it."""

from __future__ import annotations

import dagster as dg

from assets.metadata import code_reference, markdown
from pipelines.warehouse.checks import CheckOutcome
from pipelines.warehouse.models import Model, load_models, of_kind, tables_read

MODELS = load_models()
MARTS = of_kind(MODELS, "mart")
CHECKS = of_kind(MODELS, "check")


def own_checks(mart: Model) -> list[Model]:
    """The checks that read this mart and nothing else: they are run, and shown, with it."""
    return [check for check in CHECKS if tables_read(MODELS, check) == {mart.name}]


def check_spec(check: Model, asset: dg.AssetKey) -> dg.AssetCheckSpec:
    """The check as part of `asset`; what lies downstream waits for one that gates publishing."""
    return dg.AssetCheckSpec(
        check.name,
        asset=asset,
        blocking=check.gate,
        description=check.about,
        metadata=code_reference(check.path, check.path.name),
    )


def check_result(outcome: CheckOutcome) -> dg.AssetCheckResult:
    """How many identities got which verdict, and the worst that do not hold."""
    worst = outcome.failures.select("subject", "lhs", "rhs", "difference", "tolerance", "page", "document_id")
    return dg.AssetCheckResult(
        check_name=outcome.model.name,
        passed=outcome.passed,
        severity=dg.AssetCheckSeverity.ERROR if outcome.model.gate else dg.AssetCheckSeverity.WARN,
        metadata={**outcome.verdicts, **({"worst": dg.MarkdownMetadataValue(markdown(worst))} if worst.height else {})},
    )
