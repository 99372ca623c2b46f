"""Our grids against stock camelot's, on the sample documents: a check for upgrades of camelot, playa and pdfium."""

from __future__ import annotations

from pathlib import Path

import camelot
import pypdfium2 as pdfium
import pytest

from pipelines.extract.pages.grids import find_grids, find_grids_by_rendering
from pipelines.extract.pages.layout import read_layout
from pipelines.words import canonical

SAMPLES = sorted((Path(__file__).resolve().parents[4] / "raw" / "samples").rglob("*.pdf"))


def ruled_pages(limit: int) -> list[tuple[Path, int]]:
    out = []
    for path in SAMPLES:
        with pdfium.PdfDocument(path) as pdf:
            ruled = [i for i in range(len(pdf)) if len(read_layout(pdf, i).horizontal) > 2]
        out += [(path, i) for i in ruled[:2]]
    return out[:limit]


@pytest.mark.parametrize(("path", "index"), ruled_pages(12), ids=lambda v: v.stem if isinstance(v, Path) else str(v))
def test_same_shape_and_words_as_camelots_vector_engine(path: Path, index: int) -> None:
    with pdfium.PdfDocument(path) as pdf:
        grids = [g for g in find_grids(read_layout(pdf, index)) if any(cell.lines for cell in g.cells)]
    stock = camelot.read_pdf(
        str(path), pages=str(index + 1), flavor="lattice", engine="vector", split_text=True, suppress_stdout=True
    )
    shapes = {grid.rows * 1000 + grid.cols: grid for grid in grids}
    assert stock, "stock camelot finds no table on this page"
    for table in stock:
        grid = shapes[table.shape[0] * 1000 + table.shape[1]]
        ours = sorted(canonical(cell.text) for cell in grid.cells if cell.lines)
        theirs = sorted(canonical(text) for row in table.data for text in row if canonical(text))
        assert [sorted(t) for t in ours] == [sorted(t) for t in theirs]
        assert grid.conserved


def test_the_fallback_reads_the_same_grid() -> None:
    path, index = ruled_pages(1)[0]
    with pdfium.PdfDocument(path) as pdf:
        layout = read_layout(pdf, index)
    fast, stock = find_grids(layout), find_grids_by_rendering(path.read_bytes(), layout)
    assert [[cell.text for cell in g.cells] for g in stock] == [[cell.text for cell in g.cells] for g in fast]
    assert {grid.engine for grid in stock} == {"camelot"}
