"""Group `raw` and `extract`: the archive as it stands, and what is printed in its documents.

Each partition is read whole, its documents in worker processes; what became of each document is a row.
"""

# No postponed annotations here: Dagster wants to see the type of `context` itself.
from collections.abc import Iterator

import dagster as dg

from assets.collect import listing
from assets.metadata import code_reference, column_schema, shown
from assets.owners import OWNERS
from assets.partitions import listings
from assets.resources import HomeResource, Progress
from pipelines.contracts import extracted
from pipelines.extract import batch
from pipelines.settings import RAW, ROOT

documents = dg.AssetSpec(
    ["raw", "documents"],
    deps=[listing.key],
    group_name="raw",
    kinds={"file"},
    owners=OWNERS,
    description="The archive: every registered PDF by its sha256, with what is known of it from outside its pages. "
    "`juesuan collect`, `juesuan build PATH` and `juesuan withdraw` change it.",
    metadata=code_reference(ROOT / "pipelines" / "collect" / "archive.py"),
)
reference = dg.AssetSpec(
    ["raw", "reference"],
    group_name="raw",
    kinds={"csv"},
    owners=OWNERS,
    description="Code lists and registries kept by hand: subjects by year, departments and their aliases, regions.",
    metadata=code_reference(RAW / "reference"),
)
catalogue = dg.AssetSpec(
    ["raw", "catalogue"],
    group_name="raw",
    kinds={"yaml"},
    owners=OWNERS,
    description="What official tables and sentences look like: titles, header words, measures, patterns, units.",
    metadata=code_reference(ROOT / "pipelines" / "catalogue"),
)
corrections = dg.AssetSpec(
    ["raw", "corrections"],
    group_name="raw",
    kinds={"yaml"},
    owners=OWNERS,
    description="Corrections of printed figures, each with its reason and what it expects to find printed.",
    metadata=code_reference(RAW / "corrections"),
)


@dg.multi_asset(
    name="extract",
    specs=[
        dg.AssetSpec(
            ["extract", name],
            deps=[listing.key, documents.key, catalogue.key],
            group_name="extract",
            kinds={"python", "parquet"},
            owners=OWNERS,
            description=contract.doc,
            metadata={
                **column_schema(contract),
                **code_reference(ROOT / "pipelines" / "extract" / "document.py"),
            },
        )
        for name, contract in extracted.CONTRACTS.items()
    ],
    partitions_def=listings,
)
def extract(
    context: dg.AssetExecutionContext, home: HomeResource, progress: dg.ResourceParam[Progress]
) -> Iterator[dg.MaterializeResult[None]]:
    """Read every document of one listing: its tables and the statements of its text."""
    archive, partition = home.archive, context.partition_key
    progress.start(sum(entry.partition == partition and batch.to_be_read(entry) for entry in archive.entries()))
    read = batch.extract_documents(
        archive,
        home.home.page_cache,
        home.processes,
        lambda entry, status: progress.advance(entry.file_name, status),
        partition,
    )
    batch.write_extracted(read, home.home.extracted(partition))
    for name, frame in read._asdict().items():
        yield dg.MaterializeResult(asset_key=["extract", name], metadata=shown(frame))


ASSETS: list[dg.AssetSpec | dg.AssetsDefinition] = [documents, reference, catalogue, corrections, extract]
