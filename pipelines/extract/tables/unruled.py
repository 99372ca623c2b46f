"""Tables whose rulings are missing or partial: their grids are told from aligned words, as if they had been drawn.

Many budgets are printed without lines between columns or rows: three-line tables, outer borders, shading, nothing at
all. Only what stands under the title of an official table, below header words of one, or goes on from the page before
is read so; running text, contents pages and signatures are not. Where columns and rows stand is told in `alignment`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import inf
from statistics import median

from pipelines.catalogue.tables import TableCatalogue, TableRule
from pipelines.extract.pages.model import Box, Cell, Grid, Page, TextLine
from pipelines.extract.tables.alignment import (
    Header,
    Rows,
    Setting,
    Span,
    body_columns,
    edges_of,
    header_cells,
    rows_of,
    settle_columns,
)
from pipelines.extract.tables.captions import BRACKETED, PAGE_NUMBER, title_text
from pipelines.extract.tables.headers import CAPTION, CODE, ENUMERATED
from pipelines.extract.tables.numbers import is_amount
from pipelines.extract.tables.words import Band, Word, bands_of, joined
from pipelines.words import canonical, squash

ALIGNED = "pdfium+alignment"
"""The engine of grids that were told from aligned words."""
_PROSE = re.compile("[。；]|，.*，")
_NOTE = re.compile(r"^(注|说明|备注)[:：\d]")
_NUMBERING = re.compile(r"^(栏次|行次)$")
_MAYBE_AMOUNT = re.compile(r"\d[.,，]\d")
_FAR = 3.0
"""A line further away than this many rows does not belong to the table."""


@dataclass
class Region:
    """The bands of one page that make a table or a part of one."""

    index: int
    header: list[Band]
    body: list[Band]
    rules: list[Box]
    to_foot: bool
    """Whether nothing but a page number stands below it."""


@dataclass
class _Sheet:
    """A page with the bands outside its grids; grids with less lines than columns are taken apart."""

    page: Page
    grids: list[Grid]
    bands: list[Band]
    rules: list[Box]
    running: list[Band] = field(default_factory=list)
    """Bands at the foot that other pages have too."""
    found: list[Grid] = field(default_factory=list)
    used: list[Word] = field(default_factory=list)


def draw_unruled(pages: Sequence[Page], catalogue: TableCatalogue) -> list[Page]:
    """The pages, those with unruled official tables with a grid for each; the lines in it are no longer outside."""
    sheets: dict[int, _Sheet] = {}
    last: list[Region] = []
    tables: list[list[Region]] = []
    for index, page in enumerate(pages):
        if _may_have(page):
            sheets[index] = _sheet(page)
    _set_aside_running(list(sheets.values()))
    for index, sheet in sheets.items():
        open_table = last if last and last[-1].to_foot and last[-1].index == index - 1 else []
        for region, follows in _regions(sheet, index, bool(open_table), catalogue):
            if follows:
                _continue(open_table[0], region)
                open_table.append(region)
            elif last and last[-1].index == index - 1 and _same_head(last[0].header, region.header):
                last.append(region)
            else:
                last = [region]
                tables.append(last)
    bodies = [_body(table) for table in tables]
    leadings = [step for body in bodies for part in body.parts for step in part.leadings]
    setting = Setting(median(leadings) if len(leadings) >= 5 else 0.0, catalogue.spaced_words)
    for table, body in zip(tables, bodies, strict=True):
        _draw(table, body, setting, sheets)
    return [
        _redrawn(sheets[i]) if i in sheets and sheets[i].found else page for i, page in enumerate(pages)
    ]  # fmt: skip


def _may_have(page: Page) -> bool:
    return any(map(is_underruled, page.grids)) or any(_MAYBE_AMOUNT.search(line.text) for line in page.lines)


def _set_aside_running(sheets: Sequence[_Sheet]) -> None:
    """Take lines that several pages have at the same height at their foot from the bands a table may be made of."""

    def edge(sheet: _Sheet, band: Band) -> tuple[str, int] | None:
        near = band.y_mid < 0.1 * sheet.page.height and not band.has_values
        return (re.sub(r"\d+", "", band.text), round(band.y_mid)) if near else None

    seen = Counter(key for sheet in sheets for band in sheet.bands if (key := edge(sheet, band)) is not None)
    for sheet in sheets:
        sheet.running = [b for b in sheet.bands if (key := edge(sheet, b)) is not None and seen[key] > 1]
        sheet.bands = [b for b in sheet.bands if b not in sheet.running]


def is_underruled(grid: Grid) -> bool:
    """Whether several columns or most rows were read as one: a cell holds several amounts, or label and amount."""
    glued = stacked = 0
    for cell in grid.cells:
        amounts = 0
        for line in cell.lines:
            words = line.text.split(" ")
            found = sum(is_amount(word) for word in words)
            amounts += found
            glued += found > 1 or (found == 1 and grid.cols == 1 and len(words) > 1)
        stacked += max(0, amounts - 1)
    return (glued >= 2 and glued > 0.3 * grid.rows) or stacked > 2 * grid.rows + 3


def _sheet(page: Page) -> _Sheet:
    grids, lines, rules = [], list(page.words or page.lines), list(page.rules)
    for grid in page.grids:
        if not is_underruled(grid):
            grids.append(grid)
            continue
        for cell in grid.cells:
            lines += cell.lines
            x0, y0, x1, y1 = cell.rect
            rules += [Box(x0, y, x1, y) for y in (y0, y1)] + [Box(x, y0, x, y1) for x in (x0, x1)]
    return _Sheet(page, grids, bands_of(lines), rules)


# --- where tables stand ----------------------------------------------------------------------------------------------


def _regions(sheet: _Sheet, index: int, goes_on: bool, catalogue: TableCatalogue) -> list[tuple[Region, bool]]:
    """The table regions of a page, each with whether it goes on with the table before."""
    out: list[tuple[Region, bool]] = []
    bands = sheet.bands
    at, form = 0, False
    while at < len(bands):
        if PAGE_NUMBER.match(bands[at].text):
            at += 1
            continue
        title = _after_title(bands, at, catalogue)
        if title is not None:
            start, titled = title[0], True
            goes_on = False
            form = not title[1].account
            if form:  # targets and the like: without rulings nobody can tell what their numbers belong to
                at = start
                continue
            start = _after_captions(bands, start, catalogue)
        elif catalogue.unit_in(bands[at].text) is not None and _is_caption(bands[at]):
            start, titled = at + 1, True  # its title stands elsewhere or is not known
        elif (goes_on and not out and not any(g.rect.y0 > bands[at].y1 for g in sheet.grids)) or (
            not form and _is_header(bands[at], catalogue)
        ):
            start, titled = at, False
        else:
            at += 1
            continue
        follows = goes_on and start == at
        end = _end(sheet, start, catalogue)
        region = _region(sheet, index, start, end, titled=titled, follows=follows, catalogue=catalogue)
        if region is not None:
            out.append((region, follows))
            at = max(end, at + 1)
        else:
            at = max(start, at + 1)
            goes_on = False
    return out


def _after_title(bands: Sequence[Band], at: int, catalogue: TableCatalogue) -> tuple[int, TableRule] | None:
    """The band after an official title that starts at `at` and takes up to two, and its table; None if none does."""
    for lines in (1, 2):
        text = "".join(title_text(band.text) for band in bands[at : at + lines])
        if catalogue.is_title(text) and (rule := catalogue.identify(text)) is not None:
            return at + lines, rule
        if bands[at].has_values or len(text) < 6:
            return None
    return None


def _after_captions(bands: Sequence[Band], start: int, catalogue: TableCatalogue) -> int:
    """The band after the department, number and unit of a table, which stand between its title and its header."""
    end = start
    for at in range(start, min(start + 4, len(bands))):
        if bands[at].has_values:
            break
        if _is_caption(bands[at]) or catalogue.unit_in(bands[at].text) is not None:
            end = at + 1
    return end


def _is_caption(band: Band) -> bool:
    text = canonical(band.text)
    return len(text) < 60 and (CAPTION.search(text) is not None or BRACKETED.match(text) is not None)


def _is_header(band: Band, catalogue: TableCatalogue) -> bool:
    """Whether header words of an official table stand side by side: what is listed, and at least one amount."""
    words = [canonical(word.text) for word in band.words]
    rules = catalogue.columns
    listed = [w for w in words if re.search(rules.label, w) or re.search(rules.code, w)]
    return (
        len(listed) < len(words) < 16
        and bool(listed)
        and not band.has_values
        and any(re.search(catalogue.unruled.amount, w) for w in words if w not in listed)
        and all(len(w) < 16 and ":" not in w for w in words)
        and not _PROSE.search(band.text)
    )


def _end(sheet: _Sheet, start: int, catalogue: TableCatalogue) -> int:
    """The band before which a table that starts at `start` must end."""
    bands = sheet.bands
    head = [w for band in bands[start : start + 3] for w in band.words]
    left, right = min((w.x0 for w in head), default=0.0), max((w.x1 for w in head), default=0.0)
    for at in range(start, len(bands)):
        band = bands[at]
        above = bands[at - 1] if at > start else None
        if (
            (_PROSE.search(band.text) and band.amounts < 2 and band.words[0].x0 < left + 0.3 * (right - left))
            or _NOTE.match(squash(band.text))
            or (PAGE_NUMBER.match(band.text) and at >= len(bands) - 2)
            or (at > start and not band.has_values and _after_title(bands, at, catalogue) is not None)
            or (above and any(band.y_mid < grid.rect.y_mid < above.y_mid for grid in sheet.grids))
        ):
            return at
    return len(bands)


def _region(
    sheet: _Sheet, index: int, start: int, end: int, *, titled: bool, follows: bool, catalogue: TableCatalogue
) -> Region | None:
    bands = sheet.bands[start:end]
    first = next((i for i, band in enumerate(bands) if _starts_body(band)), len(bands))
    valued = [i for i in range(first, len(bands)) if bands[i].has_values]
    if not valued or not (titled or len(valued) > 2 or follows):
        return None
    rules = [r for r in sheet.rules if r.y0 == r.y1 and bands[-1].y0 - 20 <= r.y0 <= bands[0].y1 + 20]
    wide = _wide(rules, bands)
    header_foot = [y for y in wide if bands[first].y1 - 2 <= y <= (bands[0].y0 if first else 0)]
    if header_foot:  # a label that wraps above its amounts
        first = next(i for i, band in enumerate(bands) if band.y_mid < min(header_foot))
    else:
        while first > 1 and bands[first - 1].y0 < bands[first].y1 - 0.25 * (bands[first].y1 - bands[first].y0):
            first -= 1
    pitch = _pitch([bands[i] for i in valued])
    last = valued[-1]
    while last + 1 < len(bands):
        below = bands[last + 1]
        if bands[last].y_mid - below.y_mid > 1.6 * pitch or any(below.y_mid < y < bands[last].y_mid for y in wide[-1:]):
            break
        last += 1
    header = bands[:first]
    if follows:  # a running head is no header of the table
        while header and header[0].y_mid - (header[1] if len(header) > 1 else bands[first]).y_mid > _FAR * pitch:
            header = header[1:]
    elif not header or (titled and not _is_table(sheet.bands[start - 1], header, catalogue)):
        return None
    if any(a.y_mid - b.y_mid > 4 * _FAR * pitch for a, b in pairwise(bands[first : last + 1])):
        return None
    body = bands[first : last + 1]
    if not any(band.amounts for band in body) and len(valued) < 3:
        return None
    rest = [
        b for b in sheet.bands[start + last + 1 :] if not PAGE_NUMBER.match(b.text) and body[-1].y_mid - b.y_mid < 60
    ]
    return Region(index, header, body, [r for r in sheet.rules if _near(r, [*header, *body])], not rest)


def _starts_body(band: Band) -> bool:
    words = [canonical(word.text) for word in band.words]
    if band.amounts or _NUMBERING.match(words[0]):
        return True
    return any(CODE.match(w) or w in ("0", "-") for w in words) or bool(ENUMERATED.match(words[0])) or _counts(band)


def _counts(band: Band) -> bool:
    """Whether most words of a band are bare numbers: counts, or the numbering of columns."""
    numbers = [word for word in band.words if re.fullmatch(r"-?\d{1,9}", word.text) and not word.text.startswith("20")]
    return len(numbers) >= max(1, len(band.words) - 1) and len(band.words) > 1


def _is_table(caption: Band, header: Sequence[Band], catalogue: TableCatalogue) -> bool:
    """Whether a unit above it or header words say that a table follows the title."""
    words = [canonical(word.text) for band in header for word in band.words]
    text = canonical("".join(words))
    return (
        len(header) < 24
        and len(words) > 1
        and (
            _is_caption(caption)
            or any(re.search(catalogue.columns.label, w) for w in words)
            or re.search(catalogue.unruled.any, text) is not None
        )
    )


def _pitch(bands: Sequence[Band]) -> float:
    steps = [a.y_mid - b.y_mid for a, b in pairwise(bands)]
    return median(steps) if steps else 2 * (bands[0].y1 - bands[0].y0)


def _wide(rules: Sequence[Box], bands: Sequence[Band]) -> list[float]:
    """The heights at which rules run over most of the table's width, top down."""
    width = max(w.x1 for b in bands for w in b.words) - min(w.x0 for b in bands for w in b.words)
    by_height: dict[int, list[Box]] = {}
    for rule in rules:
        by_height.setdefault(round(rule.y0 / 2), []).append(rule)
    wide = (group[0].y0 for group in by_height.values() if _length(group) > 0.85 * width)
    return sorted(wide, reverse=True)


def _length(rules: Sequence[Box]) -> float:
    covered, end = 0.0, -1e9
    for rule in sorted(rules):
        covered += max(0.0, rule.x1 - max(rule.x0, end))
        end = max(end, rule.x1)
    return covered


def _near(rule: Box, bands: Sequence[Band]) -> bool:
    return bands[-1].y0 - 30 <= rule.y_mid <= bands[0].y1 + 30


def _continue(head: Region, region: Region) -> None:
    """Bands above the first values of a continuation are the header again, or else labels cut off by the page break."""
    if _printed(region.header) != _printed(head.header):
        region.body = [*region.header, *region.body]
        region.header = []


def _same_head(one: Sequence[Band], other: Sequence[Band]) -> bool:
    """Whether two headers have the same words at the same places: their columns can be found together."""
    words, others = ([w for band in bands for w in band.words] for bands in (one, other))
    return len(words) == len(others) and all(
        a.text == b.text and abs(a.x0 - b.x0) < 2 for a, b in zip(words, others, strict=True)
    )


def _printed(bands: Sequence[Band]) -> list[str]:
    return sorted(canonical(word.text) for band in bands for word in band.words)


# --- their grids -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Body:
    """The columns of a table, the same on all its pages, and the rows of each."""

    spans: list[Span]
    parts: list[Rows]


def _body(table: Sequence[Region]) -> _Body:
    spans = body_columns([band for region in table for band in region.body])
    return _Body(spans, [rows_of(region.body, _heights(region), spans) for region in table])


def _draw(table: Sequence[Region], body: _Body, setting: Setting, sheets: dict[int, _Sheet]) -> None:
    """Give each page of a table its grid."""
    head, spans = table[0], body.spans
    if all(part.ruled for part in body.parts) or _parts_levels(head):
        setting = replace(setting, leading=inf)
    rows = [part.rows for part in body.parts]
    forest = header_cells(head.header, spans, [r for r in head.rules if r.y0 == r.y1], setting)
    columns = settle_columns(forest, spans)
    if len(columns) < 2:
        return
    everything = [w for region in table for band in (*region.header, *region.body) for w in band.words]
    edges = edges_of(columns, min(w.x0 for w in everything) - 2, max(w.x1 for w in everything) + 2)
    for region, part in zip(table, rows, strict=True):
        trees = forest
        if region is not head:
            trees = header_cells(region.header, spans, [r for r in region.rules if r.y0 == r.y1], setting)
            settle_columns(trees, spans)
        sheet = sheets[region.index]
        sheet.found.append(_grid(trees, part, columns, edges))
        sheet.used += [w for band in (*region.header, *region.body) for w in band.words]


def _parts_levels(region: Region) -> bool:
    """Whether rules part the levels of a header: then lines with none between them are one cell."""
    wide = _heights(region)
    return len(region.header) > 1 and any(
        region.header[-1].y_mid < r.y0 < region.header[0].y_mid and not any(abs(r.y0 - y) < 2 for y in wide)
        for r in region.rules
        if r.y0 == r.y1
    )


def _heights(region: Region) -> list[float]:
    return _wide([r for r in region.rules if r.y0 == r.y1], [*region.header, *region.body])


def _grid(
    forest: Sequence[Header], rows: Sequence[Sequence[Band]], columns: Sequence[Span], edges: list[float]
) -> Grid:
    depth = max((tree.depth for tree in forest), default=0)
    bounds = [(min(b.y0 for b in row), max(b.y1 for b in row)) for row in rows]
    cuts = [(above[0] + below[1]) / 2 for above, below in pairwise(bounds)]
    foot = bounds[-1][0] - 2
    top = bounds[0][1] + 2
    ceiling = max((tree.y1 for tree in forest), default=top) + 2
    if depth:
        low = min(leaf.y0 for tree in forest for leaf in tree.leaves)
        cuts.insert(0, (low + bounds[0][1]) / 2)
        levels = [ceiling - (ceiling - cuts[0]) * i / depth for i in range(depth)]
        heights = [*levels, *cuts, foot]
    else:
        heights = [top, *cuts, foot]
    cells: list[Cell] = []
    conserved = True
    amounts = _amount_columns(rows, columns)

    def put(row: int, end: int, first: int, last: int, lines: list[TextLine]) -> None:
        rect = Box(edges[first], heights[end], edges[last + 1], heights[row])
        cells.append(Cell(row, first, end - row, last - first + 1, rect, lines))

    def head(tree: Header, row: int) -> None:
        end = row + 1 if tree.below else depth
        put(row, end, *tree.columns, [joined(line) for line in tree.lines])
        for child in tree.below:
            head(child, row + 1)

    for tree in forest:
        head(tree, 0)
    for number, row in enumerate(rows, start=depth):
        content: dict[tuple[int, int], list[list[Word]]] = {}
        for band in row:
            for place, words in _placed(band, columns, edges).items():
                content.setdefault(place, []).append(words)
        content = _merged(content, amounts, edges)
        taken: set[int] = set()
        for (first, last), lines in sorted(content.items()):
            conserved = conserved and not taken & set(range(first, last + 1))
            taken |= set(range(first, last + 1))
            put(number, number + 1, first, last, [joined(words) for words in lines])
        for blank in set(range(len(columns))) - taken:
            put(number, number + 1, blank, blank, [])
    cells.sort(key=lambda c: (c.row, c.col))
    rect = Box(edges[0], heights[-1], edges[-1], heights[0])
    return Grid(rect, len(heights) - 1, len(columns), cells, ALIGNED, conserved)


def _placed(band: Band, columns: Sequence[Span], edges: Sequence[float]) -> dict[tuple[int, int], list[Word]]:
    """The words of a band by their columns; words go whole: a number to where it ends, a label to where it starts."""
    out: dict[tuple[int, int], list[Word]] = {}
    for word in band.words:
        x = word.x1 - 1 if word.is_number else word.x0 + 1
        home = word.x_mid
        inside = next((i for i in range(len(columns)) if edges[i] <= word.x0 + 1 and word.x1 - 1 <= edges[i + 1]), None)
        if inside is None:
            best = max(range(len(columns)), key=lambda i: columns[i].overlap(word))
            inside = best if columns[best].overlap(word) > 0.8 * (word.x1 - word.x0) else _at(edges, x)
        else:
            inside = _at(edges, home)
        out.setdefault((inside, inside), []).append(word)
    return out


def _amount_columns(rows: Sequence[Sequence[Band]], columns: Sequence[Span]) -> set[int]:
    """The columns in which more amounts than words stand."""
    words = [w for row in rows for band in row for w in band.words]
    signs = [sum((1 if is_amount(w.text) else -1) for w in words if column.overlap(w) > 0) for column in columns]
    return {i for i, sign in enumerate(signs) if sign > 0}


def _merged(
    content: dict[tuple[int, int], list[list[Word]]], amounts: set[int], edges: Sequence[float]
) -> dict[tuple[int, int], list[list[Word]]]:
    """The cells of a row, those with words in a column of amounts widened to the blank columns they are centred on."""
    out: dict[tuple[int, int], list[list[Word]]] = {}
    for (first, last), lines in content.items():
        words = [w for line in lines for w in line]
        if first in amounts and not any(w.is_number for w in words):
            blank = {i for i in range(len(edges) - 1) if (i, i) not in content or i == first}
            middle = (min(w.x0 for w in words) + max(w.x1 for w in words)) / 2
            spans = [
                (a, b)
                for a in range(first + 1)
                for b in range(first, len(edges) - 1)
                if blank.issuperset(range(a, b + 1))
            ]  # fmt: skip
            first, last = min(spans, key=lambda s: (abs((edges[s[0]] + edges[s[1] + 1]) / 2 - middle), s[0] - s[1]))
        out[first, last] = lines
    return out


def _at(edges: Sequence[float], x: float) -> int:
    return max(0, min(len(edges) - 2, sum(edge <= x for edge in edges) - 1))


def _redrawn(sheet: _Sheet) -> Page:
    """The page with its new grids, and without their lines."""
    gone = {(w.text, w.x0, w.y0) for w in sheet.used}
    lines = [
        joined(words)
        for band in [*sheet.bands, *sheet.running]
        if (words := [w for w in band.words if (w.text, w.x0, w.y0) not in gone])
    ]  # fmt: skip
    grids = sorted([*sheet.grids, *sheet.found], key=lambda g: (-round(g.rect.y1), g.rect.x0))
    page = sheet.page
    return Page(
        page.number, page.width, page.height, page.rotation, lines, grids, page.glyphs, page.images,
        [*page.notes, "a table without rulings, read by its alignment"], page.origin, page.rules, page.words,
    )  # fmt: skip
