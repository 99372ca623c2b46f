"""The command `python -m bench`: measures, and prints tables with the targets beside what was reached."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bench.engines import ENGINES, grids_and_cells, pdfium_pass, stock, whole_extraction
from bench.measure import Document, Timings, documents_in, race
from bench.processes import adopt_orphans, build, read_in_workers
from pipelines.settings import RAW

NAMES = {engine: name for name, engine in ENGINES.items()}
WORKER_MB = 300


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--corpus",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=RAW / "samples",
    help="Folder of PDFs; default the samples.",
)
@click.option("--pages", default=100, show_default=True, help="Pages at most; stock camelot reads two in a second.")
@click.option("--rounds", default=3, show_default=True, help="Rounds; their median counts.")
@click.option("--only", type=click.Choice(["engines", "workers", "builds"]), help="Measure this only.")
def main(corpus: Path, pages: int, rounds: int, only: str | None) -> None:
    """Measure juesuan against stock camelot and pdfium on the same pages, in CPU time."""
    console = Console(highlight=False, width=120)
    documents = documents_in(corpus, pages)
    if not documents:
        raise click.UsageError(f"{corpus} has no PDF of {pages} pages or fewer.")
    total = sum(document.pages for document in documents)
    console.print(f"{len(documents)} documents, {total} pages of {corpus}; median of {rounds} interleaved rounds")
    if only in (None, "engines"):
        _show_engines(console, race(ENGINES, documents, rounds, console.print))
    if only in (None, "workers"):
        _show_workers(console, [document.path for document in documents])
    if only in (None, "builds"):
        _show_builds(console, documents, rounds)


def _show_engines(console: Console, timings: dict[str, Timings]) -> None:
    table = Table("on the same pages", "CPU ms/page", "pages/CPU s", "x stock", "by document", "of pdfium's pass")
    base, pdfium = timings[NAMES[stock]], timings[NAMES[pdfium_pass]]
    for name, timing in timings.items():
        ratios = [ours / mine for ours, mine in zip(base.by_document, timing.by_document, strict=True)]
        table.add_row(
            name,
            f"{timing.ms_per_page:.1f}",
            f"{1000 / timing.ms_per_page:.0f}",
            f"{base.ms_per_page / timing.ms_per_page:.1f}",
            f"{statistics.median(ratios):.0f} ({min(ratios):.0f} to {max(ratios):.0f})",
            f"{pdfium.ms_per_page / timing.ms_per_page:.0%}",
        )
    console.print(table)
    cells, whole = timings[NAMES[grids_and_cells]], timings[NAMES[whole_extraction]]
    _judge(console, "grids and cells against stock camelot", base.ms_per_page / cells.ms_per_page, 40, "x")
    _judge(console, "grids and cells against pdfium's own pass", 100 * pdfium.ms_per_page / cells.ms_per_page, 70, "%")
    _judge(console, "whole extraction against stock camelot", base.ms_per_page / whole.ms_per_page, 20, "x")


def _show_workers(console: Console, paths: Sequence[Path]) -> None:
    """Peaks of memory; documents that stock camelot was asked about are left to workers of their own."""
    readings = dict(zip(paths, read_in_workers(paths, 2), strict=True))
    peak = max(reading.peak_mb for reading in readings.values())
    alone = [path for path, reading in readings.items() if not reading.helped]
    console.print(
        f"peak memory of a worker: {peak:.0f} MB; {len(paths) - len(alone)} documents were shown to stock camelot"
    )
    peak = max((reading.peak_mb for reading in read_in_workers(alone, 2)), default=0.0)
    _judge(console, "peak memory of a worker without stock camelot", -peak, -WORKER_MB, "MB")


def _show_builds(console: Console, documents: Sequence[Document], rounds: int) -> None:
    """Whole builds into fresh homes, one and two workers in turn, and each once more with nothing changed."""
    adopt_orphans()
    pages = sum(document.pages for document in documents)
    paths = [document.path for document in documents]
    table = Table("juesuan build", "CPU s", "pages/CPU s", "wall s", "again, CPU s", "again, wall s")
    cpu: dict[int, float] = {}
    costs: dict[int, list[tuple[float, float, float, float]]] = {1: [], 2: []}
    for _ in range(rounds):
        for processes, taken in costs.items():
            with tempfile.TemporaryDirectory() as folder:
                first, again = (build(paths, Path(folder), processes) for _ in range(2))
                taken.append((*first, *again))
    for processes, taken in costs.items():
        cpu[processes], wall, again_cpu, again_wall = (statistics.median(column) for column in zip(*taken, strict=True))
        table.add_row(
            f"{processes} worker{'s' if processes > 1 else ''}",
            f"{cpu[processes]:.1f}",
            f"{pages / cpu[processes]:.0f}",
            f"{wall:.1f}",
            f"{again_cpu:.2f}",
            f"{again_wall:.2f}",
        )
    console.print(table)
    _judge(console, "CPU of two workers against one", -cpu[2] / cpu[1], -1.15, "x")


def _judge(console: Console, what: str, reached: float, target: float, unit: str) -> None:
    """One line; a target below zero is one to stay under."""
    bound = "at most" if target < 0 else "at least"
    verdict = "reached" if reached >= target else "MISSED"
    console.print(f"{verdict:8}{what}: {abs(reached):.4g} {unit} ({bound} {abs(target):g} {unit})")


if __name__ == "__main__":
    main()
