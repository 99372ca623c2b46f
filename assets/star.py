"""Groups `prov`, `ref` and `core`: printed figures and what they mean, from one pass over all that was read.

The facts of one document depend on the others (who claims the same disclosure, which copy counts), so these tables
are made together.
"""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from assets.extract import OWNERS
from assets.metadata import code_reference, column_schema, key_of, shown
from assets.resources import HomeResource
from pipelines.contracts import CONTRACTS
from pipelines.extract.batch import read_extracted
from pipelines.normalise.build import normalise
from pipelines.normalise.reference import load_reference
from pipelines.settings import RAW, ROOT
from pipelines.warehouse.run import write_table

UPSTREAM = {
    "prov.document": ["extract.documents", "raw.reference"],
    "prov.document_table": ["extract.tables"],
    "prov.figure": ["extract.figures", "extract.tables", "prov.document", "raw.catalogue", "raw.reference"],
    "prov.conflict": ["prov.document", "prov.figure"],
    "prov.quarantine": ["prov.document", "prov.document_table", "prov.figure"],
    "ref.subject_code": ["raw.reference"],
    "ref.department": ["raw.reference"],
    "ref.department_alias": ["raw.reference"],
    "ref.definition_version": ["raw.reference"],
    "core.dim_department": ["prov.document", "ref.department"],
    "core.dim_department_alias": ["prov.document", "ref.department_alias"],
    "core.dim_year": ["prov.document", "prov.figure"],
    "core.dim_subject": ["prov.figure", "ref.subject_code"],
    "core.dim_economic": ["prov.figure", "ref.subject_code"],
    "core.dim_measure": ["raw.catalogue"],
    "core.dim_fund": ["raw.catalogue"],
    "core.dim_document": ["prov.conflict", "prov.document"],
    "core.fact_amount": ["prov.document", "prov.figure", "ref.subject_code"],
    "core.fact_metric": ["prov.document", "prov.figure", "ref.subject_code"],
}
"""The tables made here and what each is made from."""


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
    ],
)
def star(home: HomeResource) -> Iterator[dg.MaterializeResult[None]]:
    """Give every printed figure its meaning and choose the one fact for each grain."""
    parquet = home.home.parquet
    tables = normalise(*read_extracted(parquet / "extract"), load_reference(RAW / "reference"))
    for name in UPSTREAM:
        write_table(tables[name], CONTRACTS[name], parquet)
        yield dg.MaterializeResult(asset_key=key_of(name), metadata=shown(tables[name]))


ASSETS = [star]
