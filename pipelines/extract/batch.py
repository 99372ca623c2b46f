"""All documents of an archive: read side by side, gathered into one frame for each kind of row.

Which process reads what is `pipelines.extract.workers`, how one document is read is `pipelines.extract.document`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipelines.collect import media
from pipelines.collect.archive import Archive, Entry
from pipelines.collect.links import LinkFacts
from pipelines.contracts.extracted import CONTRACTS, Extracted
from pipelines.extract import workers
from pipelines.extract.document import document_row, read_document
from pipelines.extract.pages.cache import PageCache
from pipelines.extract.pages.preflight import Refusal
from pipelines.files import replacing
from pipelines.settings import DOCUMENT_MEMORY_BYTES, DOCUMENT_SECONDS


class _Task(NamedTuple):
    """One document as a worker gets it: without its file name, which says nothing that may be relied on."""

    path: Path
    sha256: str
    link: LinkFacts
    page_cache: Path


def extract_documents(
    archive: Archive,
    page_cache: Path,
    processes: int,
    on_done: Callable[[Entry, str], None] = lambda entry, status: None,
    partition: str | None = None,
) -> Extracted:
    """Read every document of the archive, or of one partition of it.

    Rows come in the order of sha256, whichever process finished first. A bad document never raises: it is a row with
    a status and a reason. `on_done` gets each entry with its status as it is finished. Withdrawn documents are not
    read; they keep a row with status 'withdrawn'. Nor are formats other than PDF, where their content is known.
    """
    entries = [entry for entry in archive.entries() if partition in (None, entry.partition)]
    counting = [entry for entry in entries if to_be_read(entry)]
    workers.preload([__name__])
    results = workers.map_in_processes(
        _read,
        [_Task(archive.path(entry.sha256), entry.sha256, entry.link, page_cache) for entry in counting],
        workers=processes,
        seconds=DOCUMENT_SECONDS,
        memory_bytes=DOCUMENT_MEMORY_BYTES,
        on_done=lambda index, result: on_done(counting[index], _status(result)),
    )
    read = dict(zip((entry.sha256 for entry in counting), results, strict=True))
    gathered = [_of_entry(entry, read.get(entry.sha256)) for entry in entries]
    return Extracted.joined(gathered)


def to_be_read(entry: Entry) -> bool:
    """Whether a document counts and is in a format that may be read."""
    return entry.withdrawn is None and entry.media_type in ("", media.PDF)


def forget_partitions(folder: Path, kept: Collection[str]) -> None:
    """Remove what was read of partitions that the archive no longer has."""
    for path in folder.glob("*/documents.parquet"):
        if path.parent.name not in kept:
            shutil.rmtree(path.parent)


def write_extracted(tables: Extracted, folder: Path) -> None:
    """Write a parquet file for each table into `folder`, each whole or not at all."""
    for name, frame in tables._asdict().items():
        with replacing(folder / f"{name}.parquet") as part:
            frame.write_parquet(part)


def read_extracted(folder: Path) -> Extracted:
    """The tables of all partitions below `folder`; documents carry the name of theirs as `partition`."""
    partitions = sorted(path.parent for path in folder.glob("*/documents.parquet"))
    # Partitions may have been read by different versions, with more tables and columns in the later.
    return Extracted(
        *(
            pl.concat([contract.empty(), *_of_each(partitions, name)], how="diagonal")
            for name, contract in CONTRACTS.items()
        )
    )


def _of_each(partitions: Iterable[Path], name: str) -> Iterator[pl.DataFrame]:
    for partition in partitions:
        if (file := partition / f"{name}.parquet").exists():
            frame = pl.read_parquet(file)
            yield frame.with_columns(partition=pl.lit(partition.name)) if name == "documents" else frame


def _read(task: _Task) -> Extracted:
    reading = read_document(task.path, task.sha256, task.link, PageCache(task.page_cache))
    return reading.frames()


def _status(result: Extracted | workers.Failure) -> str:
    return "failed" if isinstance(result, workers.Failure) else str(result.documents["status"][0])


def _of_entry(entry: Entry, result: Extracted | workers.Failure | None) -> Extracted:
    """The frames of one entry, with the name it was registered under."""
    if result is None and entry.withdrawn is None:
        result = _unread(entry, "not_pdf", media.in_words(entry.media_type))
    elif result is None:
        result = _unread(entry, "withdrawn", entry.withdrawn or "")
    elif isinstance(result, workers.Failure):
        result = _unread(entry, "failed", result.reason)
    documents = result.documents.with_columns(
        file_name=pl.lit(entry.file_name),
        file_bytes=pl.lit(entry.file_bytes, pl.Int64),
        media_type=pl.lit(entry.media_type or None, pl.String),
        published_on=pl.lit(entry.link.published_on or None, pl.String),
        publisher=pl.lit(entry.link.publisher or None, pl.String),
        source_url=pl.lit(entry.link.source_url or None, pl.String),
        revision_no=pl.lit(entry.revision_no, pl.Int32),
        supersedes=pl.lit(entry.supersedes, pl.String),
    )
    return result._replace(documents=documents)


def _unread(entry: Entry, status: str, reason: str) -> Extracted:
    document = document_row(entry.sha256, entry.link, Refusal(status, reason))
    return Extracted.of({"documents": [document]})
