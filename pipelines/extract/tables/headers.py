"""Where a grid's header ends, and what its columns are.

Real headers are merged over several levels, and Word prints grids whose body cells do not line up with them. So a
column is an interval of the page's width, taken from the lowest header cells, and body cells are projected on it.
Rows are read in `rows`; which table it is is told in `tables`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipelines.catalogue.tables import TableCatalogue
from pipelines.extract.pages.model import Cell, Grid
from pipelines.extract.tables.numbers import read_number
from pipelines.words import canonical, squash

CODE = re.compile(r"^[235]\d{2}(\d{2}){0,2}$")
ENUMERATED = re.compile(r"^[一二三四五六七八九十]{1,3}、|^\([一二三四五六七八九十]{1,3}\)|^\d{1,2}[、.]")
CAPTION = re.compile("(金额)?单位[:：]|(部门|单位)(名称)?[:：]|编制(部门|单位)|填报(部门|单位)")
_TOTAL = re.compile("^(合计|总计|本年.{2}合计|.{2}总计)$")
_YEAR = re.compile(r"^(19|20)\d\d$")
_LEAST_ORDINALS = 5


@dataclass(frozen=True)
class Column:
    """One leaf column: its interval, the printed header levels above it, and what it holds."""

    x0: float
    x1: float
    path: tuple[str, ...]
    role: str = "value"
    """'value', 'label', 'code', 'unit' (of the value at its left), 'ordinal' or 'note'."""
    unit: str | None = None
    """The unit its own header names, e.g. 金额（万元）; '' for counts without one."""

    @property
    def words(self) -> str:
        """The lowest header words, canonical."""
        return canonical(self.path[-1]) if self.path else ""


@dataclass(frozen=True)
class Layout:
    """A grid cut into caption rows (title, unit inside the grid), header rows and body rows."""

    captions: list[str]
    header: list[int]
    body: list[int]
    columns: list[Column]
    header_words: frozenset[str] = field(default_factory=frozenset)
    numbering: list[int] = field(default_factory=list)
    """Rows of neither, which number the columns."""


def rows_of(grid: Grid) -> list[list[Cell]]:
    """For each grid row the cells that start in it, left to right."""
    rows: list[list[Cell]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row].append(cell)
    return rows


def read_layout(grid: Grid, catalogue: TableCatalogue) -> Layout:
    """Cut a grid into captions, header and body, and find its leaf columns. A grid without header has no columns."""
    rows = rows_of(grid)
    captions: list[str] = []
    first = 0
    while first < grid.rows and _is_caption(rows[first], grid, catalogue):
        captions.append(" ".join(cell.text for cell in rows[first] if cell.lines))
        first += 1
    body = first
    while body < grid.rows and not _starts_body(rows[body], catalogue):
        body += 1
    header = list(range(first, body))
    if body == grid.rows:  # nothing that looks like data: a blank table ends its header at the first blank row
        header = []
        for row in range(first, grid.rows):
            if not any(squash(cell.text) for cell in rows[row]) and row > first:
                break
            header.append(row)
        # header cells merged downwards carry the header with them
        body = max(
            (cell.row + cell.row_span for row in header for cell in rows[row] if squash(cell.text)), default=first
        )
        header = list(range(first, min(body, grid.rows)))
    texts = (canonical(cell.text) for row in header for cell in rows[row] if squash(cell.text))
    # 类, 款, 项 may share a row with data on one page and stand in the header on the next.
    words = frozenset(text for text in texts if not re.fullmatch("[类款项]+", text))
    numbering = [row for row in header if _is_column_numbering(rows[row], catalogue)]
    header = [row for row in header if row not in numbering]
    columns = _columns(grid, header, catalogue) if header else []
    return Layout(
        captions, header, [r for r in range(body, grid.rows) if r not in numbering], columns, words, numbering
    )


def _is_caption(cells: Sequence[Cell], grid: Grid, catalogue: TableCatalogue) -> bool:
    """A title, department or unit line inside the grid, or an empty band above the header."""
    printed = [cell for cell in cells if squash(cell.text)]
    if not printed:
        return True
    if any(read_number(cell.text) for cell in printed):
        return False
    # A header cell may name its unit too (预算数（单位：万元）); a caption begins with these words or stands alone.
    find = CAPTION.search if len(printed) < 3 else CAPTION.match
    if any(find(canonical(cell.text)) and len(squash(cell.text)) < 60 for cell in printed):
        return True
    wide = printed[0].rect.width > 0.4 * grid.rect.width
    return len(printed) == 1 and wide and catalogue.is_title(printed[0].text)


def _starts_body(cells: Sequence[Cell], catalogue: TableCatalogue) -> bool:
    """Whether a row carries data: an amount, a subject code, or an enumerated label."""
    printed = [(cell, canonical(cell.text)) for cell in cells if squash(cell.text)]
    if not printed or _is_column_numbering(cells, catalogue):
        return False
    for cell, text in printed:
        number = read_number(cell.text)
        if number is not None and number.state in ("number", "zero", "unreadable") and not _YEAR.match(text):
            return True
        if CODE.match(text) or ENUMERATED.match(text) or re.match(r"^\d{3,7}[^\d年]|^表\d+$", text):
            return True
    return len(printed) == 1 and _TOTAL.match(printed[0][1]) is not None and len(cells) > 1


def _is_column_numbering(cells: Sequence[Cell], catalogue: TableCatalogue) -> bool:
    """A row that numbers the columns (栏次: 1, 2, 3=1+2), which is no data."""
    printed = [canonical(cell.text) for cell in cells if squash(cell.text)]
    if len(printed) < 2:
        return False
    rest = [text for text in printed if not re.search(catalogue.column_number_row, text)]
    named = len(rest) < len(printed)
    plain = [text for text in rest if re.fullmatch(r"\(?\d{1,2}\)?(=.*)?|[A-Z]", text)]
    if named:
        return bool(rest) and len(plain) == len(rest)
    numbers = [int(m.group()) for text in plain if (m := re.search(r"\d+", text))]
    return len(plain) == len(rest) >= 3 and numbers == sorted(set(numbers)) and numbers[0] <= 2


def _columns(grid: Grid, header: list[int], catalogue: TableCatalogue) -> list[Column]:
    at: dict[tuple[int, int], Cell] = {
        (r, c): cell
        for cell in grid.cells
        for r in range(cell.row, cell.row + cell.row_span)
        for c in range(cell.col, cell.col + cell.col_span)
    }
    columns: list[Column] = []
    last: Cell | None = None
    for c in range(grid.cols):
        leaf = at[header[-1], c]
        if leaf is last:
            continue
        last = leaf
        levels = [at[r, c] for r in header]
        path = tuple(
            squash(cell.text)
            for i, cell in enumerate(levels)
            if squash(cell.text) and (i == 0 or cell is not levels[i - 1])
        )
        units = [unit for level in path if (unit := unit_in_words(level, catalogue)) is not None]
        columns.append(Column(leaf.rect.x0, leaf.rect.x1, path, unit=units[-1] if units else None))
    return columns


def unit_in_words(text: str, catalogue: TableCatalogue) -> str | None:
    """The unit that header words name, '' for a count without one, None if they name none."""
    key = canonical(text)
    if (unit := catalogue.unit_in(key)) is not None:
        return unit
    found = re.search(r"\((亿元|百万元|万元|千元|元|%|人|辆|个)\)$", key)
    if found:
        return found.group(1)
    if (count := catalogue.count_unit(key)) is not None:
        return count
    return "%" if re.search(r"[%％]|比例|比重|增长率|增减率|完成率|执行率|幅度", key) else None


def role_by_words(words: str, catalogue: TableCatalogue) -> str:
    """What a column holds, by its lowest header words alone."""
    rules = catalogue.columns
    for role, pattern in (
        ("unit", rules.unit),
        ("ordinal", rules.ordinal), ("code", rules.code), ("note", rules.note), ("label", rules.label),
    ):  # fmt: skip
        if re.search(pattern, words):
            return role
    return "value"


def role_of(column: Column, texts: Sequence[str], catalogue: TableCatalogue) -> str:
    """What a column holds, by its words and by what is printed in it."""
    role = role_by_words(column.words, catalogue)
    printed = [text for text in (canonical(t) for t in texts) if text]
    if not printed:
        return role if column.path else "note"  # neither header nor content: a margin, no column
    numbers = [n for t in printed if (n := read_number(t)) is not None]
    share = len(numbers) / len(printed)
    codes = sum(bool(re.fullmatch(r"\d{2,7}", t)) for t in printed) / len(printed)
    if role == "code":
        return "code" if any(re.fullmatch(r"\D{0,2}\d{1,7}\D*", t) for t in printed) or share == 0 else "value"
    if role in ("ordinal", "unit"):
        return role
    if role in ("label", "note"):
        if share >= 0.7 and codes > 0.7:
            return "code"
        return "value" if share >= 0.7 else role
    if share >= 0.5:
        return "ordinal" if _counts_rows(printed) else "value"
    return "label"


def _counts_rows(printed: Sequence[str]) -> bool:
    """Whether cells number their rows (行次 without the word): 1, 2, 3 …, as amounts do not."""
    if len(printed) < _LEAST_ORDINALS or not all(re.fullmatch(r"\d{1,3}", text) for text in printed):
        return False
    steps = [int(b) - int(a) for a, b in pairwise(printed)]
    return min(steps) > 0 and steps.count(1) >= 0.8 * len(steps)
