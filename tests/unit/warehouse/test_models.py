"""What SQL files say about themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contracts import CONTRACTS
from pipelines.errors import BuildError
from pipelines.warehouse.dictionary import FILE, render
from pipelines.warehouse.models import Source, column_lineage, load_models, of_kind, tables_read, views_for

MODELS = load_models()


def write(folder: Path, **files: str) -> Path:
    for name, sql in files.items():
        path = folder / (name.replace("__", "/") + ".sql")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sql, encoding="utf-8")
    return folder


def test_each_mart_has_a_file_and_each_file_a_contract() -> None:
    declared = {name for name, contract in CONTRACTS.items() if contract.schema == "mart"}
    assert {model.name for model in of_kind(MODELS, "mart")} == declared


def test_header_says_what_a_check_is_and_views_resolve_to_tables() -> None:
    check = MODELS["code_hierarchy"]
    assert check.demands == "subject = sum of the subjects right below it"
    assert check.demands_zh == "科目 = 其下级科目之和"
    assert check.source.startswith("《政府收支分类科目》") and check.source.endswith("款 by economic class")
    assert check.proves_amounts and not MODELS["subject_name_in_text"].proves_amounts
    assert not check.gate
    assert check.description.startswith("Each printed code is the sum") and "Demands" not in check.description
    assert check.reads == {"prov.printed_amount", "prov.accounted_row"}
    assert tables_read(MODELS, check) == {"prov.figure", "prov.document"}
    assert MODELS["core_keys"].gate


def test_lineage_goes_through_ctes_and_unions_and_expressions(tmp_path: Path) -> None:
    sql = """-- Pay of the year and the year before.
    with pay as (select department_key as d, fiscal_year as y, amount_yuan as a from core.fact_amount)
    select now.d as department_key, now.a - before.a as delta, 1 as one
    from pay as now left join pay as before on now.y = before.y + 1
    union all
    select department_key, value, 1 from core.fact_metric"""
    model = load_models(write(tmp_path, views__zh__x=sql))["zh.x"]
    columns = {name: contract.polars_schema.names() for name, contract in CONTRACTS.items()}
    assert column_lineage(model, columns) == [
        Source("delta", "core.fact_amount", "amount_yuan"),
        Source("delta", "core.fact_metric", "value"),
        Source("department_key", "core.fact_amount", "department_key"),
        Source("department_key", "core.fact_metric", "department_key"),
    ]


def test_views_come_after_the_views_they_read(tmp_path: Path) -> None:
    models = load_models(
        write(tmp_path, views__zh__a="-- A.\nselect * from zh.b", views__zh__b="-- B.\nselect * from core.dim_fund")
    )
    assert [view.name for view in of_kind(models, "view")] == ["zh.b", "zh.a"]
    assert [view.name for view in views_for(models, {"zh.a"})] == ["zh.b", "zh.a"]


@pytest.mark.parametrize(
    ("sql", "complaint"),
    [
        ("-- X.\nselect 1 from fact_amount", "write the schema of table 'fact_amount'"),
        ("-- X.\nselect 1 from core.lost", "no table core.lost"),
        ("-- X.\ndrop table core.dim_fund", "one plain SELECT"),
        ("-- X.\nselect 1; select 2", "one plain SELECT"),
        ("-- X.\nselect from where (", "Expected|Invalid|required"),
        ("select 1", "begin with a comment"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(tmp_path: Path, sql: str, complaint: str) -> None:
    with pytest.raises(BuildError, match=complaint) as error:
        load_models(write(tmp_path, checks__bad=sql))
    assert str(tmp_path / "checks" / "bad.sql") in str(error.value)


def test_a_mart_needs_a_contract(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"declare the columns of mart\.new"):
        load_models(write(tmp_path, marts__new="-- New.\nselect 1 as one from core.dim_fund"))


def test_the_data_dictionary_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == render(MODELS), "run: python -m pipelines.warehouse.dictionary"
