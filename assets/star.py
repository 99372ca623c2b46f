"""Groups `prov`, `ref` and `core`: printed figures and what they mean, from one pass over all that was read.

The facts of one document depend on the others (who claims the same disclosure, which copy counts), so these tables
are made together.
"""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from assets.metadata import code_reference, column_schema, key_of, shown
from assets.owners import OWNERS
from assets.resources import HomeResource
from pipelines.contracts import CONTRACTS
from pipelines.extract.batch import read_extracted
from pipelines.normalise.build import normalise
from pipelines.normalise.corrections import load_corrections
from pipelines.normalise.reference import load_reference
from pipelines.settings import RAW, ROOT
from pipelines.warehouse.facts import write_chosen
from pipelines.warehouse.run import write_table

UPSTREAM = {
    "prov.document": ["extract.documents", "raw.reference"],
    "prov.document_table": ["extract.tables"],
    "prov.correction": ["extract.figures", "prov.document", "raw.corrections"],
    "prov.figure": [
        "extract.figures",
        "extract.tables",
        "prov.correction",
        "prov.document",
        "raw.catalogue",
        "raw.reference",
    ],
    "prov.statement_box": ["extract.statement_boxes"],
    "prov.conflict": ["prov.document", "prov.figure"],
    "prov.quarantine": ["prov.document", "prov.document_table", "prov.figure"],
    "ref.subject_code": ["raw.reference"],
    "ref.department": ["raw.reference"],
    "ref.department_alias": ["raw.reference"],
    "ref.definition_version": ["raw.reference"],
    "ref.approval": ["raw.reference"],
    "core.bridge_department_unit": ["extract.units", "prov.document", "prov.figure", "ref.department"],
    "core.dim_department": ["core.bridge_department_unit", "prov.document", "ref.department"],
    "core.dim_department_alias": ["core.bridge_department_unit", "prov.document", "ref.department_alias"],
    "core.dim_year": ["prov.document", "prov.figure"],
    "core.dim_subject": ["prov.figure", "ref.subject_code"],
    "core.dim_economic": ["prov.figure", "ref.subject_code"],
    "core.dim_measure": ["raw.catalogue"],
    "core.dim_fund": ["raw.catalogue"],
    "core.dim_document": ["prov.conflict", "prov.document"],
}
"""The tables made here and what each is made from."""
CHOSEN = ("core.fact_amount", "core.fact_metric")
"""Facts as chosen; `facts` publishes those of tables that were read rightly."""


def chosen_key(name: str) -> dg.AssetKey:
    """The asset of a fact table before wrongly read tables are left out."""
    return dg.AssetKey(["chosen", key_of(name).path[-1]])


@dg.multi_asset(
    name="normalise",
    specs=[
        dg.AssetSpec(
            key_of(name),
            deps=[key_of(table) for table in upstream],
            group_name=CONTRACTS[name].schema,
            kinds={"polars", "parquet"},
            owners=OWNERS,
            description=CONTRACTS[name].doc,
            metadata={
                **column_schema(CONTRACTS[name]),
                **code_reference(ROOT / "pipelines" / "normalise" / "build.py"),
            },
        )
        for name, upstream in UPSTREAM.items()
    ]
    + [
        dg.AssetSpec(
            chosen_key(name),
            deps=[key_of(table) for table in ("prov.document", "prov.figure", "ref.subject_code")],
            group_name="core",
            kinds={"polars", "parquet"},
            owners=OWNERS,
            description=f"Rows of {name} before those of wrongly read tables are left out.",
            metadata={
                **column_schema(CONTRACTS[name]),
                **code_reference(ROOT / "pipelines" / "normalise" / "facts.py"),
            },
        )
        for name in CHOSEN
    ],
)
def star(home: HomeResource) -> Iterator[dg.MaterializeResult[None]]:
    """Give every printed figure its meaning and choose the one fact for each grain."""
    parquet = home.home.parquet
    tables = normalise(
        read_extracted(parquet / "extract"), load_reference(RAW / "reference"), load_corrections(RAW / "corrections")
    )
    for name in UPSTREAM:
        write_table(tables[name], CONTRACTS[name], parquet)
        yield dg.MaterializeResult(asset_key=key_of(name), metadata=shown(tables[name]))
    for name in CHOSEN:
        write_chosen(tables[name], CONTRACTS[name], parquet)
        yield dg.MaterializeResult(asset_key=chosen_key(name), metadata=shown(tables[name]))


ASSETS = [star]
