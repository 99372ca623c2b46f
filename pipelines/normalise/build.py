"""The way in: frames of what was extracted → frames of the schemas prov, ref and core.

Only the order of the steps belongs here.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.contracts import CONTRACTS, conform
from pipelines.contracts.extracted import Extracted
from pipelines.normalise import dimensions, disclosures, subjects
from pipelines.normalise.amounts import amount_yuan
from pipelines.normalise.corrections import Correction, apply_corrections, as_corrected
from pipelines.normalise.departments import add_departments
from pipelines.normalise.facts import choose_facts
from pipelines.normalise.keys import add_keys, printed_subjects
from pipelines.normalise.meaning import read_tables
from pipelines.normalise.reference import Reference
from pipelines.normalise.statements import read_text
from pipelines.normalise.units import read_units

QUARANTINE = "prov.quarantine"


def normalise(
    extracted: Extracted, reference: Reference, corrections: Sequence[Correction] = ()
) -> dict[str, pl.DataFrame]:
    """All tables of prov (but check_result), ref and core, by name, each keeping its contract.

    The documents of `extracted` may have `partition`, else it is 'unlisted'. Rows that break a contract are in
    `prov.quarantine` instead. Same input, same output, row by row.

    Raises:
        CorrectionError: when one of `corrections` no longer fits what is printed.
    """
    documents, tables, figures, statement_boxes, units = extracted
    if "partition" not in documents.columns:
        documents = documents.with_columns(partition=pl.lit("unlisted"))
    documents, departments, aliases = add_departments(documents.sort("document_id"), reference)
    documents = disclosures.add_disclosures(documents)
    codes = subjects.CodeList(reference)
    figures = _read_figures(figures.sort("document_id", "page", "figure_id"), tables, documents, codes)
    figures, corrected = apply_corrections(figures, documents, corrections)
    covered = read_units(units, figures, documents, departments, aliases, reference)
    code_rows = subjects.subject_rows(codes, printed_subjects(figures))
    facts = choose_facts(as_corrected(add_keys(figures, code_rows)), documents)
    years = [*documents["fiscal_year"].drop_nulls(), *facts.amounts["fiscal_year"], *facts.metrics["fiscal_year"]]
    found = {
        "prov.document": disclosures.add_outcomes(documents, facts.conflicts),
        "prov.document_table": tables.sort("document_id", "table_no"),
        "prov.figure": figures.select(CONTRACTS["prov.figure"].polars_schema.names()),
        "prov.statement_box": statement_boxes,
        "prov.correction": corrected,
        "prov.conflict": facts.conflicts,
        **dimensions.reference_tables(reference, codes.rows),
        "core.dim_department": covered.departments,
        "core.dim_department_alias": covered.aliases,
        "core.bridge_department_unit": covered.bridge,
        "core.dim_year": dimensions.dim_year(years),
        "core.dim_subject": subjects.dim_subject(code_rows),
        "core.dim_economic": subjects.dim_economic(code_rows),
        "core.dim_measure": dimensions.dim_measure(),
        "core.dim_fund": dimensions.dim_fund(),
        "core.dim_document": disclosures.dim_document(documents, facts.conflicts),
        "core.fact_amount": facts.amounts,
        "core.fact_metric": facts.metrics,
    }
    return _conformed(found)


def _read_figures(
    figures: pl.DataFrame, tables: pl.DataFrame, documents: pl.DataFrame, codes: subjects.CodeList
) -> pl.DataFrame:
    """prov.figure: the figures with all axes, yuan and code system, in the order given."""
    figures = figures.with_row_index("order").join(
        documents.select("document_id", "kind", "fiscal_year", "department_name"), on="document_id", how="left"
    )
    from_text = pl.col("source_kind") == "text"
    read = pl.concat(
        [
            read_tables(figures.filter(~from_text), tables, codes),
            read_text(figures.filter(from_text), codes),
        ],
        how="diagonal",
    ).sort("order")
    code = pl.coalesce("subject_code", "subject_code_inferred")
    systems = {each: subjects.code_system(each) for each in read.select(code).drop_nulls().to_series().unique()}
    return read.with_columns(
        amount_yuan(pl.col("is_money")),
        code_system=code.replace_strict(systems, default=None, return_dtype=pl.String),
    )


def _conformed(found: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    kept: dict[str, pl.DataFrame] = {}
    broken: list[pl.DataFrame] = []
    for name, frame in found.items():
        kept[name], failures = conform(frame, CONTRACTS[name])
        broken.append(failures)
    kept[QUARANTINE] = conform(pl.concat(broken), CONTRACTS[QUARANTINE])[0]
    return kept
