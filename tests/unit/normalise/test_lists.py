"""The curated lists and the catalogue fit together."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl

from pipelines.catalogue.columns import Axes, column_catalogue
from pipelines.catalogue.measures import measure_catalogue
from pipelines.catalogue.tables import table_catalogue
from pipelines.contracts import CONTRACTS, conform, vocabulary
from pipelines.normalise import Reference, load_reference
from pipelines.normalise.dimensions import reference_tables
from pipelines.normalise.subjects import CodeList, code_system
from pipelines.settings import RAW, ROOT


def test_the_words_speak_the_one_vocabulary() -> None:
    catalogue, known = column_catalogue(), measure_catalogue()
    axes: list[Axes] = [
        *(table.axes for table in catalogue.tables.values()),
        *(title.axes for table in catalogue.tables.values() for title in table.titles),
        *(word.axes for word in catalogue.header),
        *(word.axes for word in catalogue.balance),
        *catalogue.implied.values(),
    ]
    assert {a.measure_id for a in axes} - {None} <= known.measures.keys()
    assert set(catalogue.implied) <= known.measures.keys()
    assert {a.fund_source for a in axes} - {None} <= known.fund_sources.keys()
    assert {a.nature for a in axes} - {None} <= known.natures.keys()
    assert {a.statement_kind for a in axes} - {None} <= set(vocabulary.STATEMENT_KINDS)
    assert {stage.stage for stage in catalogue.stages} <= known.stages.keys()
    assert set(catalogue.tables) == {table.id for table in table_catalogue().tables}
    assert set(catalogue.preferred) <= set(catalogue.tables)


def test_code_lists_are_well_formed(reference: Reference) -> None:
    functional, economic = reference.functional_subjects, reference.economic_subjects
    assert {code_system(code) for code in functional["code"]} == {"functional"}
    assert [code_system(code) for code in economic["code"]] == economic["code_system"].to_list()
    for rows in (functional, economic):
        assert (rows["level"] == (rows["code"].str.len_chars().cast(pl.Int32) - 1) // 2).all()
        parents = rows.filter(pl.col("level") > 1)["code"].map_elements(lambda code: code[:-2], return_dtype=pl.String)
        assert set(parents) <= set(rows["code"])
        ends = rows.sort("code", "valid_from_year").with_columns(
            after=pl.col("valid_from_year").shift(-1).over("code"), last=pl.col("valid_to_year").fill_null(9999)
        )
        assert ends.filter(pl.col("after") <= pl.col("last")).is_empty(), "versions of a code overlap"


def test_the_registry_is_consistent(reference: Reference) -> None:
    regions = set(reference.regions["region_code"])
    assert set(reference.regions["parent_code"]) - {""} <= regions
    assert set(reference.departments["region_code"]) <= regions
    assert set(reference.department_aliases["department_key"]) <= set(reference.departments["department_key"])
    assert reference.departments["department_key"].is_unique().all()


def test_the_glossary_lists_every_term() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    known = measure_catalogue()
    terms = [known.measures, known.fund_sources, known.natures, known.stages, known.scopes]
    rows = [f"| {label.zh} | {label.en} | `{name}` |" for group in terms for name, label in group.items()]
    assert [row for row in rows if row not in glossary] == []


def test_an_approval_is_taken_into_the_warehouse(tmp_path: Path) -> None:
    folder = tmp_path / "reference"
    shutil.copytree(RAW / "reference", folder)
    with (folder / "approvals.csv").open("a", encoding="utf-8") as stream:
        stream.write("某市,,2025,budget,2025-01-31,a notice\n某市,,2024,budget,31 January,a notice\n")
    reference = load_reference(folder)
    good, broken = conform(
        reference_tables(reference, CodeList(reference).rows)["ref.approval"], CONTRACTS["ref.approval"]
    )
    assert good.select("fiscal_year", "department_name", "approved_on").rows() == [(2025, "", "2025-01-31")]
    assert broken["rule"].to_list() == ["approved_on|regex"]
