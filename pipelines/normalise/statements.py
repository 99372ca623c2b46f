"""Figures of running text: they come with their meaning from extraction and only get what goes without saying."""

from __future__ import annotations

import polars as pl

from pipelines.catalogue.columns import column_catalogue
from pipelines.normalise.amounts import UNIT_IN_YUAN
from pipelines.normalise.meaning import CHANGES, STAGE_OF_KIND
from pipelines.normalise.subjects import CodeList


def read_text(figures: pl.DataFrame, codes: CodeList) -> pl.DataFrame:
    """Text figures with what goes without saying: stage and year of the document, the money a measure implies.

    Same columns out as `meaning.read_tables`. A change, share or comparison without a base has base 'unspecified'.
    """
    # The grammar leaves what a sentence does not say empty.
    axes = ["measure_id", "statement_kind", "fund_source", "nature", "stage", "base", "subject_label"]
    figures = figures.with_columns(pl.col(name).replace("", None) for name in axes)
    labels = figures.select("subject_label", "fiscal_year").unique().drop_nulls("subject_label")
    inferred = [codes.infer_functional(name, year) for name, year in labels.iter_rows()]
    labels = labels.with_columns(subject_code_inferred=pl.Series(inferred, dtype=pl.String))
    figures = figures.join(labels, on=["subject_label", "fiscal_year"], how="left", nulls_equal=True)
    known = pl.col("measure_id").is_not_null()
    implied = {name: axes.fund_source for name, axes in column_catalogue().implied.items() if axes.fund_source}
    by_name = pl.col("measure_id").replace_strict(implied, default=None, return_dtype=pl.String)
    stage = pl.coalesce("stage", pl.col("kind").replace_strict(STAGE_OF_KIND, default=None, return_dtype=pl.String))
    change = pl.col("statement_kind").is_in([*CHANGES, "comparison"])
    base = pl.when(change).then(pl.coalesce("base", pl.lit("unspecified")))
    return figures.with_columns(
        fund_source=pl.when(known).then(pl.coalesce(by_name, "fund_source")),
        nature=pl.when(known).then(pl.coalesce("nature", pl.lit("total"))),
        stage=pl.when(known).then(stage),
        base=pl.when(known).then(base.otherwise(pl.lit(""))),
        breakdown=pl.when(known).then(pl.coalesce("breakdown", pl.lit(""))),
        period_year=pl.when(known).then(pl.coalesce("period_year", "fiscal_year")),
        is_money=pl.col("unit").is_in(list(UNIT_IN_YUAN)),
        is_item=pl.lit(False),
    )
