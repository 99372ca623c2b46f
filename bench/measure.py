"""Interleaved rounds over whole documents, in CPU time: what else the machine does then hits all engines alike."""

from __future__ import annotations

import gc
import statistics
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pypdfium2 as pdfium

from bench.engines import Engine


class Document(NamedTuple):
    """A PDF that can be opened, and its number of pages."""

    path: Path
    pages: int


class Timings(NamedTuple):
    """CPU milliseconds per page of one engine: over all documents, and by document."""

    ms_per_page: float
    by_document: tuple[float, ...]


def documents_in(folder: Path, pages: int) -> list[Document]:
    """Documents of `folder` with together at most `pages` pages: of each subfolder the shortest, then the next."""
    by_folder: dict[Path, list[Document]] = {}
    for path in sorted(folder.rglob("*.pdf")):
        try:
            with pdfium.PdfDocument(path) as pdf:
                by_folder.setdefault(path.parent, []).append(Document(path, len(pdf)))
        except pdfium.PdfiumError:
            continue
    ranked = [
        (rank, document)
        for documents in by_folder.values()
        for rank, document in enumerate(sorted(documents, key=lambda document: document.pages))
    ]
    chosen: list[Document] = []
    for _, document in sorted(ranked, key=lambda pair: pair[0]):
        if sum(one.pages for one in chosen) + document.pages <= pages:
            chosen.append(document)
    return chosen


def race(
    engines: Mapping[str, Engine], documents: Sequence[Document], rounds: int, say: Callable[[str], None]
) -> dict[str, Timings]:
    """Each engine over each document, `rounds` times, taking turns by document; the median of the rounds counts."""
    spent: dict[str, list[list[float]]] = {name: [[] for _ in documents] for name in engines}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # camelot warns of pages without tables
        for engine in engines.values():  # imports and tables made at first use are no page's cost
            engine(documents[0].path)
        for turn in range(rounds):
            say(f"round {turn + 1} of {rounds}")
            for at, document in enumerate(documents):
                for name, engine in engines.items():
                    spent[name][at].append(_cpu_seconds(engine, document.path))
    pages = sum(document.pages for document in documents)
    return {
        name: Timings(
            1000 * statistics.median(sum(turn) for turn in zip(*by_document, strict=True)) / pages,
            tuple(
                1000 * statistics.median(turns) / document.pages
                for turns, document in zip(by_document, documents, strict=True)
            ),
        )
        for name, by_document in spent.items()
    }


def _cpu_seconds(engine: Engine, path: Path) -> float:
    gc.collect()  # the garbage of one engine is not the next one's cost
    started = time.process_time()
    engine(path)
    return time.process_time() - started
