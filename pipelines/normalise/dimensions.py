"""The dimensions and lists that come from the catalogue and the curated lists as they are."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from pipelines.catalogue.measures import measure_catalogue
from pipelines.normalise.reference import Reference


def dim_measure() -> pl.DataFrame:
    """Rows of core.dim_measure."""
    measures = measure_catalogue().measures
    return pl.DataFrame(
        [
            {"measure_id": name, "name_zh": m.zh, "name_en": m.en, "unit_kind": m.unit_kind}
            for name, m in measures.items()
        ]
    )


def dim_fund() -> pl.DataFrame:
    """Rows of core.dim_fund."""
    funds = measure_catalogue().fund_sources
    return pl.DataFrame([{"fund_source": name, "name_zh": f.zh, "name_en": f.en} for name, f in funds.items()])


def dim_year(years: Iterable[int]) -> pl.DataFrame:
    """Rows of core.dim_year, each year once."""
    frame = pl.DataFrame({"fiscal_year": sorted(set(years))}, schema={"fiscal_year": pl.Int32})
    return frame.with_columns(label=pl.format("{}年度", "fiscal_year"))


def reference_tables(reference: Reference, code_rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The rows of the schema `ref`; `code_rows` are the curated code versions of `subjects.CodeList`."""
    regions = reference.regions.select("region_code", region_name="name")
    return {
        "ref.subject_code": code_rows.select(
            "code_system", "code", "name", "level", "valid_from_year", "valid_to_year", "status", "note"
        ).sort("code_system", "code", "valid_from_year"),
        "ref.department": reference.departments.join(regions, on="region_code", how="left", maintain_order="left"),
        "ref.department_alias": reference.department_aliases,
        "ref.definition_version": reference.definition_versions,
        "ref.approval": reference.approvals,
    }
