"""One row per grain: which of the printed copies of an amount becomes the fact.

The order: the account of the year itself before another year's mention of it, the kind of account that settles the
stage, tables before text, tables of subjects before summaries. Copies that are not chosen stay figures. Nothing is
added up or worked out here.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.catalogue.columns import column_catalogue
from pipelines.contracts.vocabulary import AMOUNT_KINDS, METRIC_KINDS
from pipelines.normalise.amounts import half_unit
from pipelines.normalise.subjects import NONE_KEY

GRAIN = [
    "department_key", "fiscal_year", "subject_key", "economic_key", "measure_id", "stage", "fund_source", "nature",
    "scope", "statement_kind", "base", "breakdown",
]  # fmt: skip
_KIND_THAT_SETTLES = {"initial_budget": "budget", "adjusted_budget": "final", "execution": "final", "final": "final"}


class Facts(NamedTuple):
    """`amounts` and `metrics` are core.fact_amount and core.fact_metric, `conflicts` is prov.conflict."""

    amounts: pl.DataFrame
    metrics: pl.DataFrame
    conflicts: pl.DataFrame


def choose_facts(figures: pl.DataFrame, documents: pl.DataFrame) -> Facts:
    """The facts that the figures state, and the figures on which rival files disagree.

    `figures` has the columns of prov.figure plus `subject_key`, `economic_key` (NULL where a printed or inferred
    subject is not resolved: such a figure makes no fact). `documents` has disclosure_key, department_key, kind, scope,
    fiscal_year and rival.
    """
    candidates = _candidates(figures, documents)
    best = _best_of_each_document(candidates)
    conflicts = _conflicts(best)
    disputed = conflicts.select(GRAIN).unique()
    chosen = (
        best.join(disputed, on=GRAIN, how="anti", nulls_equal=True)
        .sort(*GRAIN, *_PREFERENCE)
        .group_by(GRAIN, maintain_order=True)
        .first()
        .join(_copies(candidates), on=GRAIN, how="left", maintain_order="left")
    )
    source = ["figure_id", "disclosure_key", "source_kind", "copies", "copies_agree", "correction_id"]
    amounts = chosen.filter(pl.col("statement_kind").is_in(AMOUNT_KINDS))
    metrics = chosen.filter(pl.col("statement_kind").is_in(METRIC_KINDS))
    return Facts(
        amounts.select(*GRAIN, pl.col("number").cast(pl.Decimal(18, 2)).alias("amount_yuan"), *source),
        metrics.select(
            *(name for name in GRAIN if name != "economic_key"),
            pl.col("number").cast(pl.Decimal(18, 6)).alias("value"),
            pl.col("unit").fill_null("").alias("unit"),
            *source,
        ),
        conflicts.select("figure_id", "document_id", "disclosure_key", *GRAIN, value="number"),
    )


_PREFERENCE = ["other_year", "other_kind", "from_text", "table_rank", "document_id", "table_no", "page", "figure_id"]


def _candidates(figures: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    about = documents.filter(pl.col("disclosure_key").is_not_null() & pl.col("replaced_by").is_null()).select(
        "document_id", "disclosure_key", "department_key", "rival", account_year="fiscal_year", account_kind="kind",
        scope=pl.col("scope").fill_null("department"),
    )  # fmt: skip
    is_amount = pl.col("statement_kind").is_in(AMOUNT_KINDS)
    number = pl.when(is_amount).then(pl.col("amount_yuan").cast(pl.Decimal(24, 6))).otherwise("value")
    # Counts and rates are not about money of one source, so a missing source is no gap there.
    fund = pl.when(is_amount).then("fund_source").otherwise(pl.coalesce("fund_source", pl.lit("all")))
    ranks = {name: rank for rank, name in enumerate(column_catalogue().preferred)}
    settles = pl.col("stage").replace_strict(_KIND_THAT_SETTLES, default=None, return_dtype=pl.String)
    return (
        figures.join(about, on="document_id", how="inner")
        .with_columns(
            # Counts are whole: 2 and 3 vehicles are not one figure rounded.
            half_unit=pl.when(pl.col("statement_kind") != "count").then(half_unit()).otherwise(0),
            number=number,
            fund_source=fund,
            fiscal_year="period_year",
            economic_key=pl.when(is_amount).then("economic_key").otherwise(
                pl.when(pl.col("economic_key") == "none").then("economic_key")
            ),
            from_text=pl.col("source_kind") == "text",
            table_rank=pl.col("table_id").replace_strict(ranks, default=len(ranks), return_dtype=pl.Int32),
            other_year=pl.col("account_year") != pl.col("period_year"),
            other_kind=settles != pl.col("account_kind"),
        )
        .drop_nulls([*GRAIN, "number"])
        .select(
            *GRAIN, "number", "half_unit", "unit", "figure_id", "document_id", "disclosure_key", "rival", "page",
            "source_kind", "table_no", "row_no", "row_label", "column_path", "is_item", "correction_id",
            *(name for name in _PREFERENCE if name not in ("document_id", "table_no", "page", "figure_id")),
        )
    )  # fmt: skip


def _agree() -> pl.Expr:
    """Whether all numbers of a group are within the rounding of their last digits."""
    number = pl.col("number")
    return (number.max() - number.min()) <= pl.col("half_unit").max() * 2


def _best_of_each_document(candidates: pl.DataFrame) -> pl.DataFrame:
    """The preferred copy of each document.

    Where one table, or the text, prints several different numbers for a grain, its rows are finer than the grain
    (one row per project or unit): none of them is the amount of the grain, and that table has no copy of it. Nor has
    it where the numbers are equal but two things: two rows of one name in a list of projects or purchases, two rows of
    one subject with different labels.
    """
    place = [*GRAIN, "document_id", "table_no"]
    column = [*place, "column_path"]
    by_subject = (pl.col("subject_key") != NONE_KEY) | (pl.col("economic_key") != NONE_KEY)
    two_things = (pl.col("is_item") & (pl.col("row_no").n_unique().over(column) > 1)) | (
        by_subject & (pl.col("row_label").n_unique().over(column) > 1)
    )
    single = candidates.filter(_agree().over(place) & ~(two_things & pl.col("table_no").is_not_null()))
    return single.sort(*GRAIN, *_PREFERENCE).group_by([*GRAIN, "document_id"], maintain_order=True).first()


def _conflicts(best: pl.DataFrame) -> pl.DataFrame:
    claim = [*GRAIN, "disclosure_key"]
    return best.filter("rival").filter(~_agree().over(claim)).sort("disclosure_key", *GRAIN, "document_id")


def _copies(candidates: pl.DataFrame) -> pl.DataFrame:
    return candidates.group_by(GRAIN).agg(pl.len().cast(pl.Int32).alias("copies"), _agree().alias("copies_agree"))
