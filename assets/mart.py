"""Group `mart`: one asset for each file of `sql/marts`, its dependencies and column lineage found from the SQL."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from assets.metadata import code_reference, column_schema, key_of, shown
from assets.owners import OWNERS
from assets.resources import HomeResource
from assets.sql import MARTS, MODELS, check_result, check_spec, own_checks
from pipelines.contracts import CONTRACTS
from pipelines.warehouse.checks import outcome_of, run_check
from pipelines.warehouse.models import Model, column_lineage, of_kind, tables_read
from pipelines.warehouse.run import run_mart


def mart_asset(model: Model) -> dg.AssetsDefinition:
    """The asset that computes one mart."""
    contract = CONTRACTS[model.name]
    key = key_of(model.name)
    checks = own_checks(model)

    @dg.asset(
        key=key,
        deps=[key_of(table) for table in sorted(tables_read(MODELS, model))],
        group_name=contract.schema,
        kinds={"sql", "duckdb", "parquet"},
        owners=OWNERS,
        description=f"{model.description}\n\n```sql\n{model.sql}\n```",
        code_version=model.digest[:12],
        metadata={
            **column_schema(contract),
            **code_reference(model.path, model.path.name),
            "dagster/column_lineage": _lineage(model),
        },
        check_specs=[check_spec(check, key) for check in checks],
    )
    def mart(home: HomeResource) -> Iterator[dg.MaterializeResult[None]]:
        parquet = home.home.parquet
        run = run_mart(MODELS, model.name, parquet)
        outcomes = [outcome_of(check, run_check(MODELS, check.name, parquet)) for check in checks]
        yield dg.MaterializeResult(
            metadata=shown(run.preview, run.rows), check_results=[check_result(outcome) for outcome in outcomes]
        )

    return mart


def _lineage(model: Model) -> dg.TableColumnLineage:
    """The columns of assets each column comes from; views are no assets and are seen through."""
    found: dict[str, list[dg.TableColumnDep]] = {}
    for column, table, source in sorted(_sources(model)):
        found.setdefault(column, []).append(dg.TableColumnDep(asset_key=key_of(table), column_name=source))
    return dg.TableColumnLineage(deps_by_column=found)


def _sources(model: Model) -> set[tuple[str, str, str]]:
    found: set[tuple[str, str, str]] = set()
    for source in column_lineage(model, _COLUMNS):
        view = _VIEWS.get(source.source_table)
        if view is None:
            found.add((source.column, source.source_table, source.source_column))
        else:
            found |= {(source.column, t, c) for name, t, c in _sources(view) if name == source.source_column}
    return found


_VIEWS = {view.name: view for view in of_kind(MODELS, "view")}
_COLUMNS = {name: contract.polars_schema.names() for name, contract in CONTRACTS.items()} | {
    name: list(view.query.named_selects) for name, view in _VIEWS.items()
}
ASSETS = [mart_asset(mart) for mart in MARTS]
