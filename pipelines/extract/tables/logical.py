"""Grids to logical tables: which official table a grid is, which grids continue it, and in which unit it counts.

Told by title and header words, never by position, number or file name. Rows are read in `rows`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.catalogue.tables import TableCatalogue, TableRule
from pipelines.extract.pages.model import Grid, Page, TextLine
from pipelines.extract.tables.captions import BRACKETED, PAGE_NUMBER, title_text
from pipelines.extract.tables.forms import leaves_numbers_unread, read_form
from pipelines.extract.tables.halves import join_halves
from pipelines.extract.tables.headers import Column, Layout, read_layout
from pipelines.extract.tables.numbers import is_amount
from pipelines.extract.tables.rows import BodyRow, Row, assign_roles, carry_groups, project, read_rows
from pipelines.extract.tables.stacked import unstack
from pipelines.words import canonical, squash

_CONTINUED = re.compile(r"\(?续表?\d*\)?$")
UNRULED_ROWS = 4
"""So many lines of two amounts or more make a table."""
TITLE_REACH = 8
"""How many lines above a grid its title is looked for."""


@dataclass(frozen=True)
class Segment:
    """One grid with the lines printed above and below it."""

    page: Page
    grid: Grid
    above: list[TextLine]
    below: list[TextLine]
    first_on_page: bool
    last_on_page: bool
    layout: Layout


@dataclass
class Table:
    """A logical table: one or more segments under one title."""

    title: str
    rule: TableRule | None
    unit: str | None
    segments: list[Segment]
    columns: list[Column]
    rows: list[Row] = field(default_factory=list)
    empty_note: tuple[Page, TextLine] | None = None
    """The line that declares a table without values empty."""

    @property
    def pages(self) -> list[int]:
        return [segment.page.number for segment in self.segments]

    @property
    def conserved(self) -> bool:
        return all(segment.grid.conserved for segment in self.segments)


def read_tables(pages: Sequence[Page], catalogue: TableCatalogue) -> list[Table]:
    """All ruled tables of a document in print order, continuation pages joined, rows read."""
    tables: list[Table] = []
    feet = {page.number: _foot(page) for page in pages}
    for segment in _segments(pages, catalogue):
        before = feet.get(segment.page.number - 1, []) if segment.first_on_page else []
        title = _title(segment, before, catalogue)
        previous = tables[-1] if tables else None
        if previous is not None and _continues(segment, title, previous, catalogue):
            previous.segments.append(segment)
            previous.unit = previous.unit or _unit(segment, [], catalogue)
        else:
            rule = catalogue.identify(title, "/".join(sorted(segment.layout.header_words)))
            unit = _unit(segment, before, catalogue)
            tables.append(Table(title, rule, unit, [segment], segment.layout.columns))
    for table in tables:
        _read_body(table, catalogue)
    join_halves(tables)
    return tables


def has_unruled_columns(page: Page) -> bool:
    """Whether amounts stand in columns outside every grid: a table without rulings, which is not read."""
    rows = [
        words
        for line in page.lines
        if (words := line.text.split(" ")) and sum(is_amount(word) for word in words) >= 2 and len(line.text) < 160
    ]
    return len(rows) >= UNRULED_ROWS and not any(re.search("[，。；]", " ".join(words)) for words in rows)


def _foot(page: Page) -> list[TextLine]:
    """The lines below the last grid of a page: the title of a table on the next page may stand there."""
    floor = min((grid.rect.y0 for grid in page.grids), default=page.height * 2)
    return [line for line in page.lines if (line.y0 + line.y1) / 2 <= floor]


def _segments(pages: Sequence[Page], catalogue: TableCatalogue) -> list[Segment]:
    out: list[Segment] = []
    for page in pages:
        grids = [unstack(grid) for grid in page.grids if any(cell.lines for cell in grid.cells)]
        for i, grid in enumerate(grids):
            ceiling = grids[i - 1].rect.y0 if i else page.height * 2
            floor = grids[i + 1].rect.y1 if i + 1 < len(grids) else -page.height
            above = [line for line in page.lines if grid.rect.y1 <= (line.y0 + line.y1) / 2 <= ceiling]
            below = [line for line in page.lines if floor <= (line.y0 + line.y1) / 2 <= grid.rect.y0]
            out.append(Segment(page, grid, above, below, i == 0, i == len(grids) - 1, read_layout(grid, catalogue)))
    return out


def _title(segment: Segment, before: Sequence[TextLine], catalogue: TableCatalogue) -> str:
    """The printed title of a grid: inside it, above it, or at the foot of the page before; '' if none."""
    for caption in segment.layout.captions:
        if catalogue.is_title(text := title_text(caption)):
            return text
    if (title := _nearest_title(segment.above, catalogue)) or not segment.first_on_page:
        return title
    rest = [line for line in segment.above if not PAGE_NUMBER.match(line.text)]
    return "" if len(rest) > 3 else _nearest_title(before, catalogue, reach=4)


def _nearest_title(lines: Sequence[TextLine], catalogue: TableCatalogue, reach: int = TITLE_REACH) -> str:
    near = [line for line in lines if not PAGE_NUMBER.match(line.text)][-reach:]
    for i in range(len(near) - 1, -1, -1):
        # A title may wrap: it goes up as far as lines of its size stand right above that end no sentence or title.
        text, title = title_text(near[i].text), ""
        for j in range(i, max(i - 3, -1), -1):
            if j < i:
                above = title_text(near[j].text)
                if not _wraps(near[j], near[j + 1], above):
                    break
                text = above + text
            if catalogue.is_title(text):
                title = text
        if title:
            return title + "".join(text for line in near[i + 1 : i + 3] if BRACKETED.match(text := squash(line.text)))
    return ""


def _wraps(upper: TextLine, lower: TextLine, text: str) -> bool:
    size, other = upper.y1 - upper.y0, lower.y1 - lower.y0
    return (
        len(text) >= 6
        and text == squash(upper.text)
        and not re.search(r"[。；;:：]$|表$|表[)）]$|部分|目录", canonical(text))
        and abs(size - other) < 0.2 * size
        and upper.y0 - lower.y1 < size
        and abs(upper.box.x_mid - lower.box.x_mid) < 0.35 * max(upper.box.width, lower.box.width)
    )


def _continues(segment: Segment, title: str, previous: Table, catalogue: TableCatalogue) -> bool:
    """Whether a grid goes on with the table before it: at the top of the next page, with the same or no title."""
    last = previous.segments[-1]
    if not segment.first_on_page or not last.last_on_page or segment.page.number != last.page.number + 1:
        return False
    layout = segment.layout
    if previous.rule is not None and not previous.rule.account and not title and not segment.above:
        return True  # a form broken by the page goes on with other columns
    same_words = bool(layout.header) and layout.header_words == _words_of(previous)
    if title:
        same_title = _CONTINUED.sub("", canonical(title)) == _CONTINUED.sub("", canonical(previous.title))
        return same_title and (same_words or not layout.header) and previous.rule is not None and previous.rule.account
    if same_words:
        return True
    # Without header words of its own a grid with the same column edges goes on with the table; what looked like a
    # header are labels cut off from their amounts by the page break.
    return _offset(segment.grid, last.grid) is not None or (
        layout.header_words <= _words_of(previous) and segment.grid.cols == last.grid.cols
    )


def _offset(grid: Grid, other: Grid, tolerance: float = 3.0) -> float | None:
    """How far right of another grid's the columns of this grid stand; None if they are not the same columns.

    Pages keep their columns in place or shift them as a whole; a narrow blank column at the margin may come or go.
    """
    mine, theirs = (sorted({cell.rect.x0 for cell in g.cells} | {g.rect.x1}) for g in (grid, other))
    for offset in (0.0, grid.rect.x0 - other.rect.x0):
        inner = [
            x - offset for x in mine if x != grid.rect.x0 or abs(grid.rect.x0 - offset - other.rect.x0) <= tolerance
        ]
        if all(any(abs(x - y) <= tolerance for y in theirs) for x in inner):
            return offset
    return None


def _words_of(table: Table) -> frozenset[str]:
    return table.segments[0].layout.header_words


def _unit(segment: Segment, before: Sequence[TextLine], catalogue: TableCatalogue) -> str | None:
    lines = [line.text for line in reversed(segment.above[-TITLE_REACH:])]
    for text in [*segment.layout.captions, *lines, *(line.text for line in before)]:
        if (unit := catalogue.unit_in(text)) is not None:
            return unit
    # 单位：万 / 元 broken over two lines
    joined = "".join(squash(line.text) for line in segment.above[-TITLE_REACH:])
    return catalogue.unit_in(joined) if "单位" in joined else None


def _read_body(table: Table, catalogue: TableCatalogue) -> None:
    first = table.segments[0]
    if not table.columns:  # a grid without header: its own columns, with no words above them
        table.columns = _bare_columns(first.grid)
    body: list[BodyRow] = []
    words = _words_of(table)
    for segment in table.segments:
        layout = segment.layout
        rows = layout.body
        if segment is not first and not (layout.header and layout.header_words <= words):
            rows = sorted({*layout.header, *layout.body})  # its "header" is data: labels cut off by the page break
        shift = _offset(segment.grid, first.grid)
        if shift is None:
            shift = segment.grid.rect.x0 - first.grid.rect.x0
        body += project(segment.grid, segment.page.number, rows, table.columns, shift)
    table.columns = assign_roles(table.columns, body, catalogue)
    table.rows = read_rows(carry_groups(_drop_notes(table, body, catalogue), table.columns), table.columns, catalogue)
    grids = [(segment.page.number, segment.grid) for segment in table.segments]
    accounts = table.rule is None or table.rule.account
    if leaves_numbers_unread(grids, table.rows, integers=not accounts):
        table.rows = read_form(grids, catalogue)
    if not any(row.values for row in table.rows) and table.empty_note is None:
        last = table.segments[-1]
        table.empty_note = next(
            ((last.page, line) for line in [*last.below[:6], *last.above] if catalogue.is_empty_note(line.text)), None
        )


def _drop_notes(table: Table, body: Sequence[BodyRow], catalogue: TableCatalogue) -> list[BodyRow]:
    """Leave out rows that hold one sentence over the table's width (注：…); a declared emptiness is kept aside."""
    kept: list[BodyRow] = []
    for row in body:
        printed = [c.cell for c in row.cells if c.starts and squash(c.cell.text)]
        text = canonical(printed[0].text) if printed else ""
        if len(printed) == 1 and (
            text.startswith(("注:", "说明:", "备注:"))
            or (len(text) > 8 and catalogue.is_empty_note(text) and printed[0].col_span > 1)
        ):
            if catalogue.is_empty_note(text) and table.empty_note is None:
                page = next(s.page for s in table.segments if s.page.number == row.page)
                table.empty_note = (page, printed[0].lines[0])
            continue
        kept.append(row)
    return kept


def _bare_columns(grid: Grid) -> list[Column]:
    edges = sorted({(cell.rect.x0, cell.rect.x1) for cell in grid.cells if cell.col_span == 1})
    seen: dict[float, float] = {}
    for x0, x1 in edges:
        seen.setdefault(x0, x1)
    return [Column(x0, x1, ()) for x0, x1 in seen.items()] or [Column(grid.rect.x0, grid.rect.x1, ())]
