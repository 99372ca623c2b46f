"""Which files make up one disclosure, and which of them claim the same part of it.

A disclosure is one account of one department: department, year, budget or final, scope. Its text and its tables may be
two files; that is one logical document. Two files that both hold its tables are rivals: without a known order neither
is right against the other.
"""

from __future__ import annotations

import polars as pl

_COVERS = {"whole": ["narrative", "tables"], "narrative": ["narrative"], "tables": ["tables"]}
_REASONS = {
    "tables_unrecognised": "{} tables were not recognised",
    "unconserved_tables": "{} tables have characters that no cell took",
    "pages_image_only": "{} pages are pictures without text",
}


def add_disclosures(documents: pl.DataFrame) -> pl.DataFrame:
    """`documents` with `disclosure_key`, `replaced_by` and `rival`.

    `replaced_by` is the file that took its place at its address and is the same account; its figures then make no
    facts. `rival` tells whether another file, neither of them replaced, covers a part that this one covers.

    Only accounts that were read, with department, year and kind known, belong to a disclosure. Scope is the
    department's unless the document says otherwise.
    """
    complete = (
        (pl.col("status") == "read")
        & pl.col("department_key").is_not_null()
        & pl.col("fiscal_year").is_not_null()
        & pl.col("kind").is_not_null()
    )
    scope = pl.col("scope").fill_null("department")
    key = pl.format("{}/{}/{}/{}", "department_key", "fiscal_year", "kind", scope)
    documents = documents.with_columns(disclosure_key=pl.when(complete).then(key))
    revisions = documents.filter(pl.col("supersedes").is_not_null() & pl.col("disclosure_key").is_not_null()).select(
        "disclosure_key", document_id="supersedes", replaced_by="document_id"
    )
    documents = documents.join(
        revisions.unique(["disclosure_key", "document_id"], keep="first", maintain_order=True),
        on=["disclosure_key", "document_id"], how="left", maintain_order="left",
    )  # fmt: skip
    parts = (
        documents.filter(pl.col("disclosure_key").is_not_null() & pl.col("replaced_by").is_null())
        .select(
            "document_id",
            "disclosure_key",
            covers=pl.col("part").fill_null("whole").replace_strict(
                _COVERS, default=[], return_dtype=pl.List(pl.String)
            ),
        )
        .explode("covers")
        .drop_nulls("covers")
    )  # fmt: skip
    rivals = (
        parts.with_columns(files=pl.col("document_id").n_unique().over("disclosure_key", "covers"))
        .filter(pl.col("files") > 1)["document_id"]
        .unique()
    )
    return documents.with_columns(rival=pl.col("document_id").is_in(rivals.implode()))


def dim_document(documents: pl.DataFrame, conflicts: pl.DataFrame) -> pl.DataFrame:
    """Rows of core.dim_document: one per disclosure; `conflicts` has the rows of prov.conflict."""
    claimed = conflicts["disclosure_key"].unique()
    return (
        documents.filter(pl.col("disclosure_key").is_not_null())
        .sort("disclosure_key", "part", "document_id", nulls_last=True)
        .group_by("disclosure_key", maintain_order=True)
        .agg(
            pl.col("department_key").first(),
            pl.col("fiscal_year").first(),
            pl.col("kind").first(),
            pl.col("scope").fill_null("department").first(),
            pl.len().cast(pl.Int32).alias("files"),
            pl.col("title").drop_nulls().first().fill_null("").alias("title"),
        )
        .with_columns(conflict=pl.col("disclosure_key").is_in(claimed.implode()))
    )


def add_outcomes(documents: pl.DataFrame, conflicts: pl.DataFrame) -> pl.DataFrame:
    """`documents` with `outcome` and `outcome_reason`, the words for a person; drops `rival`."""
    against = (
        conflicts.group_by("document_id")
        .agg(pl.len().alias("disputed"), pl.col("disclosure_key").first().alias("claimed"))
        .join(_rivals_in_words(documents, conflicts), on="claimed", how="left")
    )
    documents = documents.join(against, on="document_id", how="left", maintain_order="left")
    read = pl.col("status") == "read"
    troubles = [
        pl.when(pl.col(name) > 0).then(pl.format(words, name)) for name, words in _REASONS.items()
    ] + [
        pl.when(read & pl.col("disclosure_key").is_null())
        .then(pl.lit("department, year or kind of account is not known, so its figures make no facts"))
    ]  # fmt: skip
    trouble = pl.concat_str(troubles, separator="; ", ignore_nulls=True)
    disputed = pl.format(
        "{} figures differ between files that claim the same account and no order between them is known; no fact is "
        "made of those. The files: {}",
        "disputed",
        "files",
    )
    outcome = (
        pl.when(pl.col("disputed").is_not_null()).then(pl.lit("conflict"))
        .when(pl.col("status") == "withdrawn").then(pl.lit("withdrawn"))
        .when(~read).then(pl.lit("rejected"))
        .when((trouble != "") | (pl.col("reason") != "")).then(pl.lit("read_partly"))
        .otherwise(pl.lit("read"))
    )  # fmt: skip
    reason = (
        pl.when(pl.col("disputed").is_not_null()).then(disputed)
        .when(pl.col("replaced_by").is_not_null())
        .then(pl.format("its publisher replaced it at its address by {}; facts are made of that",
                        pl.col("replaced_by").str.slice(0, 12)))
        .when(read & (pl.col("reason") != "") & (trouble != "")).then(pl.format("{}; {}", "reason", trouble))
        .when(read & (trouble != "")).then(trouble)
        .otherwise("reason")
    )  # fmt: skip
    return documents.with_columns(outcome=outcome, outcome_reason=reason).drop(
        "rival", "replaced_by", "disputed", "claimed", "files"
    )


def _rivals_in_words(documents: pl.DataFrame, conflicts: pl.DataFrame) -> pl.DataFrame:
    return (
        conflicts.select("document_id", claimed="disclosure_key")
        .unique()
        .join(documents.select("document_id", "file_name"), on="document_id", how="left")
        .sort("claimed", "file_name", "document_id")
        .group_by("claimed", maintain_order=True)
        .agg(pl.col("file_name").str.join(", ").alias("files"))
    )
