"""Running models over parquet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.errors import BuildError, UsageError
from pipelines.settings import Home
from pipelines.warehouse.checks import GATE_RESULT, gates, identities, run_checks
from pipelines.warehouse.models import load_models
from pipelines.warehouse.query import query
from pipelines.warehouse.run import parquet_file, run_mart

MODELS = load_models()
OUTCOME = "mart.document_outcome"


def test_running_twice_gives_equal_bytes(home: Home) -> None:
    first = run_mart(MODELS, OUTCOME, home.parquet)
    assert first.rows == 1
    assert first.preview["outcome"].to_list() == ["read"]
    content = first.path.read_bytes()
    assert run_mart(MODELS, OUTCOME, home.parquet).path.read_bytes() == content


def test_two_rows_for_one_grain_stop_the_mart_and_keep_the_file(home: Home) -> None:
    path = run_mart(MODELS, OUTCOME, home.parquet).path
    before = path.read_bytes()
    mart = MODELS[OUTCOME]
    doubled = MODELS | {OUTCOME: replace(mart, sql=f"with one as (\n{mart.sql}\n) from one union all from one")}
    with pytest.raises(BuildError, match=r"document_outcome\.sql breaks the contract .*primary_key: 2"):
        run_mart(doubled, OUTCOME, home.parquet)
    assert path.read_bytes() == before


def test_a_table_that_is_not_built_is_named(home: Home) -> None:
    parquet_file(home.parquet, "prov.figure").unlink()
    with pytest.raises(BuildError, match=r"document_outcome\.sql reads prov\.figure, which has not been built"):
        run_mart(MODELS, OUTCOME, home.parquet)


def test_sql_that_duckdb_refuses_is_named(home: Home) -> None:
    bad = MODELS | {OUTCOME: replace(MODELS[OUTCOME], sql="-- X.\nselect nothing from prov.document")}
    with pytest.raises(BuildError, match=r"document_outcome\.sql: .*nothing"):
        run_mart(bad, OUTCOME, home.parquet)


def test_checks_run_together_and_are_summed_up(home: Home) -> None:
    run_mart(MODELS, OUTCOME, home.parquet)
    run, outcomes = run_checks(MODELS, gates(MODELS), home.parquet, GATE_RESULT)
    assert run.rows > 0
    both = [model.name for model in (*gates(MODELS), *identities(MODELS))]
    assert sorted(both) == sorted(m.name for m in MODELS.values() if m.kind == "check")
    by_name = {outcome.model.name: outcome for outcome in outcomes}
    assert by_name["document_outcome_grain"].verdicts == {"exact": 1}
    assert all(outcome.passed for outcome in outcomes)


def test_asking_where_there_is_no_warehouse_says_what_to_do(home: Home) -> None:
    with pytest.raises(UsageError, match="juesuan build"):
        query(home.warehouse, "select 1")
