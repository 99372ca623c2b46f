"""Checks: identities that figures, facts and marts must satisfy, run from `sql/checks` into `prov.check_result`.

A check gives one row for each identity it could try, with both sides, the tolerance and the verdict; nothing is
dropped because it agrees. What a verdict means is said in docs/querying.md. Identities of printed figures read only
what is printed and who printed it, and come before facts are made; rules of facts and marts come last.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.contracts import CONTRACTS, Contract, conform
from pipelines.errors import BuildError
from pipelines.warehouse.models import Model, of_kind, tables_read
from pipelines.warehouse.run import ModelRun, select, write_table

RESULT = CONTRACTS["prov.check_result"]
GATE_RESULT = CONTRACTS["prov.gate_result"]
RULE = CONTRACTS["prov.check_rule"]
_PRINTED = {
    "prov.document", "prov.document_table", "prov.figure", "core.bridge_department_unit", "core.dim_department_alias",
    "ref.subject_code",
}  # fmt: skip


@dataclass(frozen=True)
class CheckOutcome:
    """One check in numbers: how many identities got which verdict, and the worst failures first."""

    model: Model
    verdicts: dict[str, int]
    failures: pl.DataFrame

    @property
    def failed(self) -> int:
        """Identities that neither hold nor are explained by rounding."""
        return self.verdicts.get("fail", 0)

    @property
    def passed(self) -> bool:
        """True when nothing failed."""
        return self.failed == 0


def run_check(models: Mapping[str, Model], name: str, parquet: Path) -> pl.DataFrame:
    """The rows of one check as rows of prov.check_result. Raises BuildError when the SQL gives other columns."""
    model = models[name]
    rows = select(models, model, parquet).with_columns(pl.lit(name).alias("check_id"))
    good, broken = conform(rows, RESULT)
    if broken.height:
        raise BuildError(f"{model.path}: {broken['rule'][0]} in {broken['row_json'][0]}")
    return good


def identities(models: Mapping[str, Model]) -> list[Model]:
    """The checks of printed figures: they read what is printed and nothing made of it."""
    return [check for check in of_kind(models, "check") if tables_read(models, check) <= _PRINTED]


def gates(models: Mapping[str, Model]) -> list[Model]:
    """The checks of facts and marts."""
    return [check for check in of_kind(models, "check") if not tables_read(models, check) <= _PRINTED]


def rules(models: Mapping[str, Model]) -> pl.DataFrame:
    """What each identity demands and where that comes from, as rows of prov.check_rule."""
    rows = [
        {"check_id": check.name, "demands": check.demands, "demands_zh": check.demands_zh, "source": check.source,
         "proves_amounts": check.proves_amounts, "description": check.description}
        for check in identities(models)
    ]  # fmt: skip
    good, broken = conform(RULE.frame(rows), RULE)
    if broken.height:
        raise BuildError(f"sql/checks/{json.loads(broken['row_json'][0])['check_id']}.sql: {broken['rule'][0]}")
    return good


def run_checks(
    models: Mapping[str, Model], checks: Sequence[Model], parquet: Path, contract: Contract = RESULT
) -> tuple[ModelRun, list[CheckOutcome]]:
    """Run `checks` and write their rows as the table of `contract`. Failures are rows; the caller decides by `gate`."""
    frames = [run_check(models, model.name, parquet) for model in checks]
    results = pl.concat([contract.empty(), *frames])
    path = write_table(results, contract, parquet)
    outcomes = [outcome_of(model, rows) for model, rows in zip(checks, frames, strict=True)]
    return ModelRun(path, results.height, results.head(10)), outcomes


def outcome_of(model: Model, rows: pl.DataFrame) -> CheckOutcome:
    """Sum up the rows of one check; `failures` holds at most 20, the largest difference first."""
    by_size = rows.sort(pl.col("difference").abs(), descending=True, nulls_last=True)
    failures = by_size.filter(pl.col("verdict") == "fail").head(20)
    return CheckOutcome(model, dict(sorted(rows["verdict"].value_counts().rows())), failures)
