"""The subject keys of a figure, from the codes printed in its row or inferred from its label.

A row may print codes of several lists: 功能分类 beside an economic classification, or both economic classifications
side by side. Which list a code belongs to is told by extraction and by its shape (`subjects.code_system`).
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from pipelines.normalise.subjects import (
    DEPARTMENT_ECONOMIC,
    FUNCTIONAL,
    GOVERNMENT_ECONOMIC,
    NONE_KEY,
    keys_by_year,
)

_COLUMN_OF_TABLE = ["document_id", "table_no", "column_path"]


def add_keys(figures: pl.DataFrame, code_rows: pl.DataFrame) -> pl.DataFrame:
    """`figures` with subject_key and economic_key: 'none' where not by subject, NULL where not resolved.

    The economic key is the department classification's where the row prints both. Where a table splits one code of
    it over several codes of the government classification, no row is the amount of the code: each has the other code
    in `breakdown`, as government_economic=50101.
    """
    code = pl.coalesce("subject_code", "subject_code_inferred")
    figures = figures.with_columns(
        pl.coalesce(
            pl.when(pl.col("code_system") == system).then(code),
            pl.col("other_codes").str.extract(rf"(?:^|;){system}=(\d+)"),
        ).alias(system)
        for system in (FUNCTIONAL, DEPARTMENT_ECONOMIC, GOVERNMENT_ECONOMIC)
    )
    parts = pl.col(GOVERNMENT_ECONOMIC).n_unique().over([*_COLUMN_OF_TABLE, FUNCTIONAL, DEPARTMENT_ECONOMIC])
    split = pl.col(DEPARTMENT_ECONOMIC).is_not_null() & pl.col(GOVERNMENT_ECONOMIC).is_not_null() & (parts > 1)
    other_code = pl.format("government_economic={}", GOVERNMENT_ECONOMIC)
    economic = pl.coalesce(DEPARTMENT_ECONOMIC, GOVERNMENT_ECONOMIC)
    figures = figures.with_columns(
        economic=economic,
        breakdown=pl.when(split & pl.col("breakdown").is_not_null())
        .then(pl.concat_str(pl.col("breakdown").replace("", None), other_code, separator=";", ignore_nulls=True))
        .otherwise("breakdown"),
    )
    years = figures["period_year"].drop_nulls().unique()
    for of, key in ((FUNCTIONAL, "subject_key"), ("economic", "economic_key")):
        figures = _join_key(figures, keys_by_year(code_rows, years), of, key)
    # A label path that stands for no known code, and printed digits of no known list, are a subject too, only not a
    # resolved one.
    unresolved = (pl.col("code_system").is_null() & code.is_not_null()) | (
        code.is_null() & (pl.col("subject_label").fill_null("") != "")
    )
    none = pl.lit(NONE_KEY)
    return figures.with_columns(
        subject_key=pl.when(unresolved)
        .then(None)
        .when(pl.col(FUNCTIONAL).is_null())
        .then(none)
        .otherwise("subject_key"),
        economic_key=pl.when(pl.col("economic").is_null()).then(none).otherwise("economic_key"),
    )


def _join_key(figures: pl.DataFrame, keys: pl.DataFrame, code: str, name: str) -> pl.DataFrame:
    keys = keys.rename({"code": code, "subject_key": name})
    return figures.join(keys, on=[code, "period_year"], how="left", maintain_order="left")


def printed_subjects(figures: pl.DataFrame) -> Iterable[tuple[str, str]]:
    """Printed codes with their labels, the commonest label of a code first."""
    return (
        figures.filter(pl.col("code_system").is_not_null() & pl.col("row_label").str.contains(r"\p{Han}"))
        .filter(pl.col("measure_id").is_not_null() & pl.col("subject_code").is_not_null())
        .group_by("subject_code", "row_label")
        .len()
        .sort("subject_code", "len", "row_label", descending=[False, True, False])
        .select("subject_code", "row_label")
        .rows()
    )
