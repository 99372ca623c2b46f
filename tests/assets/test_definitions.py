"""The code location: what is in the graph, that it loads, and that each part of it explains itself."""

import os
from pathlib import Path

import dagster as dg
import pytest

from assets.definitions import BUILD_ALL, defs
from assets.publish import POOL
from pipelines.contracts import CONTRACTS

GRAPH = Path(__file__).with_name("graph.txt")
SPECS = {spec.key: spec for spec in defs.resolve_all_asset_specs()}
TABLES = [dg.AssetKey(name.split(".")) for name in CONTRACTS]


def test_the_graph_is_the_one_on_record() -> None:
    """Any change of keys, groups or dependencies shows in review. UPDATE_SNAPSHOTS=1 accepts it."""
    lines = [f"[{spec.group_name}] {key.to_user_string()}{_upstream(spec)}\n" for key, spec in sorted(SPECS.items())]
    if os.environ.get("UPDATE_SNAPSHOTS"):
        GRAPH.write_text("".join(lines), encoding="utf-8")
    assert lines == GRAPH.read_text(encoding="utf-8").splitlines(keepends=True)


def _upstream(spec: dg.AssetSpec) -> str:
    names = sorted(dep.asset_key.to_user_string() for dep in spec.deps)
    return f" <- {', '.join(names)}" if names else ""


def test_every_published_table_is_an_asset_of_its_schema_with_its_columns() -> None:
    assert set(TABLES) <= set(SPECS)
    for key in TABLES:
        schema, table = key.path
        columns = SPECS[key].metadata["dagster/column_schema"].columns
        assert SPECS[key].group_name == schema
        assert [column.name for column in columns] == [c.name for c in CONTRACTS[f"{schema}.{table}"].columns]


@pytest.mark.parametrize("key", SPECS, ids=str)
def test_every_asset_says_what_it_is_whose_and_where_its_code_is(key: dg.AssetKey) -> None:
    spec = SPECS[key]
    assert spec.description and spec.owners and spec.kinds
    (reference,) = spec.metadata["dagster/code_references"].code_references
    assert Path(reference.file_path).exists()


def test_marts_carry_the_lineage_of_every_column_that_comes_from_one() -> None:
    trend = SPECS[dg.AssetKey(["mart", "three_public_trend"])]
    lineage = trend.metadata["dagster/column_lineage"].deps_by_column
    sources = {(dep.asset_key.to_user_string(), dep.column_name) for dep in lineage["amount_yuan"]}
    assert ("core/fact_amount", "amount_yuan") in sources
    assert {dep.asset_key for deps in lineage.values() for dep in deps} <= set(SPECS)
    assert trend.code_version


def test_the_writer_of_the_warehouse_waits_its_turn() -> None:
    publish = defs.resolve_assets_def(dg.AssetKey(["meta", "build"]))
    assert publish.op.pool == POOL


def test_checks_that_gate_publishing_block() -> None:
    graph = defs.resolve_asset_graph()
    checks = {key.name: graph.get(key) for key in graph.asset_check_keys}
    assert checks["core_keys"].blocking
    assert not checks["code_hierarchy"].blocking


def test_the_job_holds_the_whole_graph() -> None:
    assert {key for key in SPECS if SPECS[key].group_name != "raw"} <= set(
        defs.resolve_job_def(BUILD_ALL).asset_layer.executable_asset_keys
    )
