"""Ruled grids: camelot's Lattice parser fed with pdfium's layout. The only module that imports camelot.

Stock camelot renders each page and runs OpenCV over it. Its Lattice parser in vector mode needs neither: given the
rulings, it finds the same grids. The hooks used here (`prepare_page_parse`, `extract_tables`, `_reject_table`,
`_document_has_no_text`) are not documented API, so camelot and playa are pinned and a regression test compares the
grids with `camelot.read_pdf`.

Camelot places text by whole text lines. A second, independent placement by glyph centres must put the same
characters into the same cells; where it does not, the page goes to stock camelot. Boxes and reading order come from
the glyphs. What a grid means is not decided here; see `tables`.
"""

from __future__ import annotations

import io
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from itertools import groupby, pairwise
from typing import Any

import pypdfium2 as pdfium
from camelot.io import read_pdf
from camelot.parsers.lattice import Lattice
from playa.miner import LAParams, LTChar, LTLayoutContainer, LTLine, LTPage

from pipelines.extract.pages.layout import Glyph, PageLayout, Rule
from pipelines.extract.pages.lines import text_lines
from pipelines.extract.pages.model import Box, Cell, Grid

GAP = 2.0
"""Rulings nearer than this (points) touch; camelot's own tolerance."""
FAST = "pdfium+lattice"
STOCK = "camelot"
MIN_RULES = 2
"""A grid needs at least this many horizontal and as many vertical rules."""

_LAPARAMS = LAParams(detect_vertical=False)


class _KeepBlankTables(Lattice):
    """Lattice without its gates: a blank statutory table is a fact, and a page may hold nothing else."""

    def _reject_table(self, table: Any) -> bool:
        return False

    def record_parse_metadata(self, table: Any) -> None:
        """Place the text only: nobody looks at the data frame and the scores that are made here."""
        self.compute_parse_errors(table)  # type: ignore[no-untyped-call]

    def _document_has_no_text(self) -> bool:
        return False


def _char(glyph: Glyph) -> LTChar:
    """A glyph as playa's line grouping wants it."""
    char = LTChar()
    char.set_bbox((glyph.x0, glyph.y0, glyph.x1, glyph.y1))
    char._text = glyph.char
    char.size = glyph.y1 - glyph.y0
    return char


def is_ruled(layout: PageLayout) -> bool:
    """Whether the page can carry a grid at all."""
    return len(layout.horizontal) >= MIN_RULES and len(layout.vertical) >= MIN_RULES


def find_grids(layout: PageLayout) -> list[Grid]:
    """The ruled grids of a page, top to bottom, with their cells; blank ones included."""
    if not is_ruled(layout):
        return []
    page = LTPage(layout.number, (0, 0, layout.width, layout.height))
    for rule in (*layout.horizontal, *layout.vertical, *_page_cuts(layout)):
        line = LTLine()
        line.set_bbox(rule)
        line.stroke = True
        page.add(line)
    chars = [_char(g) for g in layout.glyphs if not g.char.isspace()]
    lines = list(LTLayoutContainer.group_objects(page, _LAPARAMS, chars)) if chars else []
    parser: Any = _KeepBlankTables(engine="vector", split_text=True)  # type: ignore[no-untyped-call]
    parser.prepare_page_parse("", page, (layout.width, layout.height), layout.number, [], lines, [], "", {})
    return _grids(parser.extract_tables(), layout, FAST)


def _page_cuts(layout: PageLayout) -> list[Rule]:
    """The edges a page break left undrawn: the outermost height at which three long rules or more end.

    A cell that fills the whole page has no horizontal rule at all, and its columns would be lost.
    """
    columns: dict[int, list[Rule]] = {}
    for rule in layout.vertical:
        columns.setdefault(round(rule.x0), []).append(rule)
    long = [span for rules in columns.values() if (span := _topmost_span(rules)).y1 - span.y0 >= layout.height / 3]
    if not long:
        return []
    top, bottom = max(span.y1 for span in long), min(span.y0 for span in long)
    ends = (
        (top, [span.x0 for span in long if top - span.y1 <= GAP]),
        (bottom, [span.x0 for span in long if span.y0 - bottom <= GAP]),
    )
    return [Rule(min(xs), edge, max(xs), edge) for edge, xs in ends if len(xs) >= 3]


def _topmost_span(rules: list[Rule]) -> Rule:
    """The uppermost of the rules drawn at one place, pieces that touch joined."""
    pieces = sorted(rules, key=lambda rule: -rule.y1)
    bottom = pieces[0].y0
    for piece in pieces[1:]:
        if bottom - piece.y1 > GAP:
            break
        bottom = min(bottom, piece.y0)
    return Rule(pieces[0].x0, bottom, pieces[0].x0, pieces[0].y1)


def find_grids_by_rendering(pdf_bytes: bytes, layout: PageLayout) -> list[Grid]:
    """The grids as stock camelot reads them: slow, independent of our layout. Boxes still come from the glyphs."""
    with pdfium.PdfDocument(pdf_bytes) as source, pdfium.PdfDocument.new() as single:
        single.import_pages(source, [layout.number - 1])
        buffer = io.BytesIO()
        single.save(buffer)
    buffer.seek(0)
    tables = read_pdf(buffer, pages="1", flavor="lattice", split_text=True, suppress_stdout=True)
    return _grids(tables, layout, STOCK)


def _grids(tables: Iterable[Any], layout: PageLayout, engine: str) -> list[Grid]:
    grids = [grid for table in tables if (grid := _grid(table, layout.glyphs, engine)) is not None]
    return sorted(grids, key=lambda g: (-round(g.rect.y1), g.rect.x0))


def _grid(table: Any, glyphs: list[Glyph], engine: str) -> Grid | None:
    """Camelot's table with merged cells joined and each cell's glyphs read in order."""
    cells = table.cells
    if not cells or len(cells) * len(cells[0]) < 2:
        return None
    tops, bottoms = [max(row) for row in table.rows], [min(row) for row in table.rows]
    lefts, rights = [col[0] for col in table.cols], [col[1] for col in table.cols]
    rect = Box(lefts[0], bottoms[-1], rights[-1], tops[0])
    owner = _merge(cells)
    placed: list[tuple[Glyph, Anchor]] = []
    negative_tops = [-top for top in tops]
    left, bottom, right, top = rect
    for glyph in glyphs:
        _, x0, y0, x1, y1, _, _ = glyph
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        if left <= x <= right and bottom <= y <= top:
            row, col = bisect_left(negative_tops, -y) - 1, bisect_left(lefts, x) - 1
            placed.append((glyph, owner[row if row > 0 else 0][col if col > 0 else 0]))
    by_centre = _by_cell(placed)
    content = by_centre
    if any(one.run == other.run and here != there for (one, here), (other, there) in pairwise(placed)):
        content = _by_cell(_keep_words_whole(placed))
    spans: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for r, line in enumerate(owner):
        for c, anchor in enumerate(line):
            spans.setdefault(anchor, []).append((r, c))
    out: list[Cell] = []
    conserved = True
    for anchor, members in sorted(spans.items()):
        last_row, last_col = members[-1][0], max([c for _, c in members])
        camelots = "".join([cells[r][c].text for r, c in members])
        conserved = conserved and _same_ink(camelots, "".join([g.char for g in by_centre.get(anchor, ())]))
        out.append(
            Cell(
                anchor[0],
                anchor[1],
                last_row - anchor[0] + 1,
                last_col - anchor[1] + 1,
                Box(lefts[anchor[1]], bottoms[last_row], rights[last_col], tops[anchor[0]]),
                text_lines(content[anchor]) if anchor in content else [],
            )
        )
    return Grid(rect, len(tops), len(lefts), out, engine, conserved)


Anchor = tuple[int, int]


def _by_cell(placed: Iterable[tuple[Glyph, Anchor]]) -> dict[Anchor, list[Glyph]]:
    content: dict[Anchor, list[Glyph]] = {}
    for glyph, anchor in placed:
        content.setdefault(anchor, []).append(glyph)
    return content


def _keep_words_whole(placed: list[tuple[Glyph, Anchor]]) -> list[tuple[Glyph, Anchor]]:
    """Give a word that hangs over its cell's edge back to its cell.

    Spreadsheets let long text run into the next cell, below what is printed there. A label starts in its own cell;
    a number, set from the right, ends in it; a word that hangs over on both sides was centred.
    """
    out: list[tuple[Glyph, Anchor]] = []
    for _, group in groupby(placed, key=lambda p: p[0].run):
        word = list(group)
        anchors = list(dict.fromkeys(anchor for _, anchor in word))
        if len(anchors) > 1 and len({row for row, _ in anchors}) == 1:
            number = all(not ch.char.isalpha() for ch, _ in word)
            home = anchors[len(anchors) // 2] if len(anchors) > 2 else anchors[-1 if number else 0]
            word = [(glyph, home) for glyph, _ in word]
        out += word
    return out


def _same_ink(one: str, other: str) -> bool:
    """Whether two texts print the same characters, in whatever order."""
    return "".join(one.split()) == "".join(other.split()) or _ink(one) == _ink(other)


def _ink(text: str) -> Counter[str]:
    """The printed characters of a text, whatever their order; compatibility forms are one character."""
    return Counter(c for c in unicodedata.normalize("NFKC", text) if not c.isspace())


def _merge(cells: Any) -> list[list[Anchor]]:
    """For each cell the top left cell of the merged cell it belongs to.

    Cells with no ruling between them are one cell when together they form a rectangle; where a missing ruling
    would join cells of another shape, they are joined leftwards, then upwards, as camelot does.
    """
    rows, cols = len(cells), len(cells[0])
    parent: dict[Anchor, Anchor] = {}  # only cells that lack a ruling somewhere: most have all four

    def find(key: Anchor) -> Anchor:
        while (above := parent.setdefault(key, key)) != key:
            key = above
        return key

    for r, row in enumerate(cells):
        for c, cell in enumerate(row):
            if not cell.right and c + 1 < cols and not row[c + 1].left:
                parent[find((r, c + 1))] = find((r, c))
            if not cell.bottom and r + 1 < rows and not cells[r + 1][c].top:
                parent[find((r + 1, c))] = find((r, c))
    groups: dict[Anchor, list[Anchor]] = {}
    for key in list(parent):
        groups.setdefault(find(key), []).append(key)
    owner = [[(r, c) for c in range(cols)] for r in range(rows)]
    for members in groups.values():
        r0, r1 = min(r for r, _ in members), max(r for r, _ in members)
        c0, c1 = min(c for _, c in members), max(c for _, c in members)
        rectangle = (r1 - r0 + 1) * (c1 - c0 + 1) == len(members)
        for r, c in members:
            owner[r][c] = (r0, c0) if rectangle else _leftwards_upwards(cells, r, c)
    return owner


def _leftwards_upwards(cells: Any, row: int, col: int) -> tuple[int, int]:
    while col > 0 and not cells[row][col].left:
        col -= 1
    while row > 0 and not cells[row][col].top:
        row -= 1
    return row, col
