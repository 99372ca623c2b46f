"""Contracts hold frames to what is declared, and declare each thing once."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
import yaml

from pipelines.contracts import CONTRACTS, Column, Contract, ContractError, conform, vocabulary
from pipelines.warehouse.models import Model, load_models

FUND = CONTRACTS["core.dim_fund"]
CATALOGUE = yaml.safe_load((Path(vocabulary.__file__).parents[1] / "catalogue" / "measures.yaml").read_text("utf-8"))


def funds(**changes: list[str | None]) -> pl.DataFrame:
    return pl.DataFrame({"fund_source": ["all", "gpb"], "name_zh": ["甲", "乙"], "name_en": ["a", "b"]} | changes)


def test_rows_that_keep_the_contract_pass_unchanged() -> None:
    good, broken = conform(funds(), FUND)
    assert good.equals(funds())
    assert broken.is_empty()


@pytest.mark.parametrize(
    ("changes", "rule", "rows"),
    [
        ({"fund_source": ["all", "lottery"]}, "fund_source|check__allowed", 1),
        ({"name_zh": ["甲", None]}, "name_zh|nullability", 1),
        ({"fund_source": ["all", "all"]}, "primary_key", 2),
    ],
)
def test_a_row_that_breaks_a_rule_is_set_aside_with_the_rule(
    changes: dict[str, list[str | None]], rule: str, rows: int
) -> None:
    good, broken = conform(funds(**changes), FUND)
    assert good.height == 2 - rows
    assert broken["rule"].to_list() == [rule] * rows
    assert broken["table_name"].unique().to_list() == ["core.dim_fund"]
    assert broken.columns == CONTRACTS["prov.quarantine"].polars_schema.names()


def test_quarantine_names_the_document_and_values_are_cast() -> None:
    table = CONTRACTS["prov.quarantine"]
    row = {"document_id": "a" * 64, "table_no": "2", "table_title": "表", "first_page": 1, "last_page": "one"}
    row |= {
        "body_rows": 1,
        "figures": 0,
        "engine": "e",
        "conserved": True,
        "state": "read",
        "candidates": "",
        "empty_note": "",
        "blank_labels": "",
    }
    good, broken = conform(pl.DataFrame([row]), CONTRACTS["prov.document_table"])
    assert good.is_empty()
    assert set(broken["rule"]) == {"last_page|dtype"}
    assert set(broken["document_id"]) == {"a" * 64}
    assert conform(broken, table)[0].height == 1


def test_columns_that_do_not_fit_are_a_fault_of_the_code() -> None:
    with pytest.raises(ContractError, match=r"core.dim_fund: columns \['colour'\]"):
        conform(funds(colour=["red", "red"]), FUND)
    with pytest.raises(ContractError, match="name_en"):
        conform(funds().drop("name_en"), FUND)


@pytest.mark.parametrize("name", CONTRACTS)
def test_each_contract_makes_an_empty_table_that_keeps_it(name: str) -> None:
    contract = CONTRACTS[name]
    good, broken = conform(contract.empty(), contract)
    assert good.schema == contract.polars_schema
    assert broken.is_empty()
    names = [column.name for column in contract.columns]
    labels = [column.zh for column in contract.columns]
    assert len(set(names)) == len(names)
    assert len(set(labels)) == len(labels), "two columns of one table share a Chinese label"


@pytest.mark.parametrize(
    ("axis", "allowed"),
    [
        ("fund_sources", vocabulary.FUND_SOURCES),
        ("natures", vocabulary.NATURES),
        ("stages", vocabulary.STAGES),
        ("scopes", vocabulary.SCOPES),
    ],
)
def test_axes_have_the_values_of_the_catalogue(axis: str, allowed: tuple[str, ...]) -> None:
    assert list(CATALOGUE[axis]) == list(allowed)


def test_measures_are_of_known_kinds() -> None:
    assert {measure["unit_kind"] for measure in CATALOGUE["measures"].values()} <= set(vocabulary.UNIT_KINDS)


MARTS = [contract for contract in CONTRACTS.values() if contract.schema == "mart"]


@pytest.mark.parametrize(
    ("contract", "column"),
    [(mart, column) for mart in MARTS for column in mart.columns if column.type != "text" and not column.key],
    ids=lambda given: given.name,
)
def test_every_number_of_a_mart_leads_on(contract: Contract, column: Column) -> None:
    known = contract.polars_schema.names()
    if column.formula:
        assert set(re.findall("[a-z_]{2,}", column.formula)) & set(known), "it follows from no other column"
    else:
        assert column.printed_as or column.behind or column.unprinted, "say what lies behind it"
    assert set(column.printed_as) <= {name for name in known if name.endswith(("figure_id", "figure_ids"))}


@pytest.mark.parametrize(
    ("contract", "column"),
    [(mart, column) for mart in MARTS for column in mart.columns if column.behind],
    ids=lambda given: given.name,
)
def test_what_is_behind_a_number_is_one_select_over_declared_tables(contract: Contract, column: Column) -> None:
    assert column.behind
    assert set(re.findall(r"\$([a-z_]+)", column.behind)) <= set(contract.polars_schema.names())
    model = Model(column.name, "view", Path("contract"), column.behind)
    assert model.reads <= set(CONTRACTS) | set(load_models())
