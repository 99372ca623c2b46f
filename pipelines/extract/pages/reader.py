"""One page of a PDF as read: layout, grids, and the lines outside them, with the fallback to stock camelot.

The place where the reading engine is put together; pages go from here into the cache.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pypdfium2 as pdfium

from pipelines.extract.pages.grids import find_grids, find_grids_by_rendering
from pipelines.extract.pages.layout import Glyph, PageLayout, Rule, read_layout
from pipelines.extract.pages.lines import text_lines, text_words
from pipelines.extract.pages.model import Box, Grid, Page

MAX_RENDERED_POINTS = 1700.0
"""A2. Rendering larger pages takes gigabytes."""
MIN_KEPT_RULE = 10.0
"""Shorter strokes (points) outside grids part no cells."""
MIN_SHADED = 3
"""Fewer shaded areas make no table."""
_AMOUNT = re.compile(r"(?<![\d.])-?\d[\d,]*[.,]\d+(?![\d.])(?!\s*[%万亿元])")


def read_page(pdf: pdfium.PdfDocument, index: int, pdf_bytes: bytes | None = None) -> Page:
    """Read page `index` (0-based). With `pdf_bytes`, a grid that loses glyphs is read again by stock camelot.

    Raises:
        pypdfium2.PdfiumError: if the page cannot be loaded.
    """
    layout = read_layout(pdf, index)
    grids = find_grids(layout) or _shaded_grids(layout)
    notes: list[str] = []
    if layout.unmapped:
        notes.append(f"{layout.unmapped} glyphs have no character in their font")
    if pdf_bytes is not None and not all(grid.conserved for grid in grids):
        stock = _stock_grids(pdf_bytes, layout)
        if stock and all(grid.conserved for grid in stock) and len(stock) >= len(grids):
            grids = stock
            notes.append("read by stock camelot")
        else:
            notes.append("cells do not hold the same characters by two placements")
    outside = _outside(layout, grids)
    lines = text_lines(outside)
    loose = any(_AMOUNT.search(line.text) is not None for line in lines)
    return Page(
        number=layout.number, width=layout.width, height=layout.height, rotation=layout.rotation,
        lines=lines, grids=grids, glyphs=len(layout.glyphs), images=layout.images,
        notes=notes, origin=layout.origin, 
        rules=_rules_outside(layout, grids) if loose else [], words=text_words(outside) if loose else [],
    )  # fmt: skip


def _shaded_grids(layout: PageLayout) -> list[Grid]:
    """The grids that shaded cells make where nothing is ruled; shaded rows or paragraphs make none."""
    if len(layout.shaded) < MIN_SHADED:
        return []
    edges = _edges(layout)
    drawn = replace(
        layout,
        horizontal=[*layout.horizontal, *(rule for rule in edges if rule.y0 == rule.y1)],
        vertical=[*layout.vertical, *(rule for rule in edges if rule.x0 == rule.x1)],
    )
    grids = [grid for grid in find_grids(drawn) if grid.cols > 1]
    digits = [g for g in layout.glyphs if g.char.isdigit()]
    loose = sum(not any(_holds(grid.rect, g) for grid in grids) for g in digits)
    if 20 * loose > len(digits) or any(_beside(grid, layout) for grid in grids):
        return []  # only the header or some columns are shaded: no more than a part of the table
    return grids


def _holds(box: Box, glyph: Glyph) -> bool:
    return box.x0 <= (glyph.x0 + glyph.x1) / 2 <= box.x1 and box.y0 <= (glyph.y0 + glyph.y1) / 2 <= box.y1


def _beside(grid: Grid, layout: PageLayout) -> bool:
    """Whether text stands beside a grid."""
    row = Box(0.0, grid.rect.y0, layout.width, grid.rect.y1)
    return any(_holds(row, g) and not _holds(grid.rect, g) and not g.char.isspace() for g in layout.glyphs)


def _edges(layout: PageLayout) -> list[Rule]:
    """The edges of shaded areas, but for the background of the page."""
    return [
        rule
        for box in layout.shaded
        if box.width >= MIN_KEPT_RULE and box.height >= MIN_KEPT_RULE / 2 and box.height < layout.height / 2
        for rule in (
            Rule(box.x0, box.y0, box.x1, box.y0), Rule(box.x0, box.y1, box.x1, box.y1),
            Rule(box.x0, box.y0, box.x0, box.y1), Rule(box.x1, box.y0, box.x1, box.y1),
        )
    ]  # fmt: skip


def _stock_grids(pdf_bytes: bytes, layout: PageLayout) -> list[Grid]:
    """What stock camelot reads; nothing where the page is too large to render or camelot cannot read it."""
    if max(layout.width, layout.height) > MAX_RENDERED_POINTS:
        return []
    try:
        return find_grids_by_rendering(pdf_bytes, layout)
    except Exception:  # whatever breaks in the second opinion, the first one stands, and the note says so
        return []


def _outside(layout: PageLayout, grids: list[Grid]) -> list[Glyph]:
    rects = [grid.rect for grid in grids]
    return [
        g for g in layout.glyphs
        if not any(r.x0 <= (g.x0 + g.x1) / 2 <= r.x1 and r.y0 <= (g.y0 + g.y1) / 2 <= r.y1 for r in rects)
    ]  # fmt: skip


def _rules_outside(layout: PageLayout, grids: list[Grid]) -> list[Box]:
    """What is drawn outside the grids and may belong to a table with fewer rulings than cells."""
    rects = [grid.rect for grid in grids]
    return [
        Box(*rule) for rule in (*layout.horizontal, *layout.vertical, *_edges(layout))
        if rule.x1 - rule.x0 + rule.y1 - rule.y0 >= MIN_KEPT_RULE
        and not any(
            r.x0 - 2 <= (rule.x0 + rule.x1) / 2 <= r.x1 + 2 and r.y0 - 2 <= (rule.y0 + rule.y1) / 2 <= r.y1 + 2
            for r in rects
        )
    ]  # fmt: skip
