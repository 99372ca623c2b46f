"""Columns, header cells and rows of a table told from where its words stand, where no rulings say so.

Columns are the white gaps that run down the body; a header cell stands over the columns it is centred on; lines
nearer than rows are apart are one row. Knows nothing of titles and pages; see `unruled`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from statistics import median

from pipelines.extract.pages.model import Box
from pipelines.extract.tables.words import Band, Word, unspaced
from pipelines.words import canonical

GAP = 1.2
"""White between two columns is at least this wide (points)."""
_LEADING = 1.45
"""Lines of one wrapped header cell are no further apart than this share of their height."""
_LEVEL = 0.45
"""Header cells whose middles differ by less than this share of a line stand on one level."""
_TOTAL = re.compile("合计|总计|小计")
STARTS_LABEL = re.compile(
    r"^[一二三四五六七八九十]+、|^\([一二三四五六七八九十\d]+\)|^\d{1,2}[.、]|^\d{3}|^其中|合计|总计|小计"
)
"""How a label begins that does not go on with the line above it."""


@dataclass(frozen=True)
class Span:
    """An interval of the page's width."""

    x0: float
    x1: float

    @property
    def x_mid(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    def overlap(self, other: Span | Word | Header) -> float:
        """By how much two intervals overlap; negative by how much they are apart."""
        return min(self.x1, other.x1) - max(self.x0, other.x0)


@dataclass
class Header:
    """A header cell with the cells below it; `columns` are the first and last column it stands over."""

    lines: list[list[Word]]
    below: list[Header] = field(default_factory=list)
    columns: tuple[int, int] = (0, 0)

    @property
    def x0(self) -> float:
        return min(line[0].x0 for line in self.lines)

    @property
    def x1(self) -> float:
        return max(line[-1].x1 for line in self.lines)

    @property
    def y0(self) -> float:
        return min(word.y0 for line in self.lines for word in line)

    @property
    def y1(self) -> float:
        return max(word.y1 for line in self.lines for word in line)

    @property
    def x_mid(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def y_mid(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def size(self) -> float:
        return self.lines[0][0].height

    @property
    def depth(self) -> int:
        return 1 + max((child.depth for child in self.below), default=0)

    @property
    def middle(self) -> float:
        """The middle of the height it takes up with all that stands below it."""
        below = [leaf.y_mid for child in self.below for leaf in child.leaves]
        return (self.y_mid + sum(below) / len(below)) / 2 if below else self.y_mid

    @property
    def leaves(self) -> list[Header]:
        """The lowest cells below it, itself if there are none."""
        return [leaf for child in self.below for leaf in child.leaves] if self.below else [self]


# --- rows ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rows:
    """The rows of a body, each the bands it is printed in, and how far apart the lines of wrapped labels are."""

    rows: list[list[Band]]
    leadings: list[float]
    ruled: bool = False
    """Whether a rule stands between all rows."""


def rows_of(bands: Sequence[Band], rules: Sequence[float], columns: Sequence[Span]) -> Rows:
    """Bands gathered to rows, top to bottom. `rules` are heights of horizontal rules that no row crosses."""
    edges = [1e9, *sorted(rules, reverse=True), -1e9]
    zones = [zone for high, low in pairwise(edges) if (zone := [b for b in bands if low < b.y_mid <= high])]
    single = sum(sum(band.has_values for band in zone) <= 1 for zone in zones)
    if single >= max(3, 0.8 * len(zones)):  # every row has its rule
        rows = [zone for zone in zones if sum(band.has_values for band in zone) <= 1]
        rows += [row for zone in zones if zone not in rows for row in _rows_between(zone, columns)[0]]
        return Rows(sorted(rows, key=lambda row: -row[0].y_mid), [], ruled=True)
    parts = [_rows_between(zone, columns) for zone in zones]
    return Rows([row for rows, _ in parts for row in rows], [step for _, steps in parts for step in steps])


def _rows_between(bands: Sequence[Band], columns: Sequence[Span]) -> tuple[list[list[Band]], list[float]]:
    """The rows between two rules, and the distances of the lines of wrapped labels."""
    row_of = list(range(len(bands)))

    def join(i: int, j: int) -> None:
        low, high = min(i, j), max(i, j)
        first = row_of[low]
        members = set(row_of[low : high + 1])
        for k, row in enumerate(row_of):
            if row in members:
                row_of[k] = first

    steps: list[float] = []
    for column in columns:
        lines = [i for i, b in enumerate(bands) if any(not w.is_number and column.overlap(w) > 0 for w in b.words)]
        for group in _wrapped(bands, lines, column):
            join(group[0], group[-1])
            steps += [bands[a].y_mid - bands[b].y_mid for a, b in pairwise(group)]
    apart = [a.y_mid - b.y_mid for a, b in pairwise(bands) if a.has_values and b.has_values]
    pitch = median(apart) if apart else 0.0
    for i, (above, band) in enumerate(pairwise(bands)):
        both = above.has_values and band.has_values
        lower = min(above.y1 - above.y0, band.y1 - band.y0)
        reach = 0.5 * lower if both else max(min(0.8 * pitch, 1.6 * lower), 0.5 * lower)
        if both and not any(Span(v.x0, v.x1).overlap(w) > 0 for v in above.words for w in band.words):
            reach = max(lower, 0.6 * pitch)  # one row set at two heights: no column has words at both
        if above.y_mid - band.y_mid < reach:
            join(i, i + 1)
    rows: dict[int, list[Band]] = {}
    for row, band in zip(row_of, bands, strict=True):
        rows.setdefault(row, []).append(band)
    return list(rows.values()), steps


def _wrapped(bands: Sequence[Band], lines: Sequence[int], column: Span) -> list[list[int]]:
    """The lines of one label column that are one cell: centred on the values of a row, or full and going on."""
    words = [[w for w in bands[i].words if column.overlap(w) > 0] for i in lines]
    size = median([w.height for line in words for w in line]) if words else 0.0
    valued = [band.y_mid for band in bands if band.has_values]

    def goes_on(at: int) -> bool:
        text = canonical(words[at + 1][0].text)
        apart = bands[lines[at]].y_mid - bands[lines[at + 1]].y_mid
        return apart < 3.6 * size and not STARTS_LABEL.match(text)

    def full(at: int) -> bool:
        return words[at][-1].x1 > column.x1 - 1.3 * size

    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(lines) + 1):
        options: list[tuple[float, int]] = []
        for start in range(max(0, end - 6), end):
            if start < end - 1 and not all(goes_on(at) for at in range(start, end - 1)):
                continue
            top, foot = bands[lines[start]].y_mid, bands[lines[end - 1]].y_mid
            values = [y for y in valued if foot - 0.4 * size <= y <= top + 0.4 * size]
            centred = len(values) == 1 and abs(values[0] - (top + foot) / 2) < 0.3 * size
            if start == end - 1:
                cost = 0.0 if centred else 1.0
            elif centred:
                cost = 0.0
            elif not values and all(full(at) for at in range(start, end - 1)):
                cost = 0.5
            else:
                continue
            options.append((best[start][0] + cost, start))
        best.append(min(options))
    groups: list[list[int]] = []
    end = len(lines)
    while end:
        start = best[end][1]
        if end - start > 1:
            groups.append(list(lines[start:end]))
        end = start
    return groups


# --- columns ---------------------------------------------------------------------------------------------------------


def body_columns(bands: Sequence[Band]) -> list[Span]:
    """The intervals that the words of the body leave white gaps between."""
    valued = [band.words for band in bands if band.has_values]
    spans = _covered([w for row in valued for w in row if w.is_number or not _TOTAL.search(_text_before(row, w))])
    out: list[Span] = []
    for span in spans:
        inside = [[w for w in row if span.overlap(w) > 0] for row in valued]
        numbers = [[w for w in row if w.is_number] for row in inside]
        mixed = sum(0 < len(ns) < len(row) and row[0] not in ns for ns, row in zip(numbers, inside, strict=True))
        if max(map(len, numbers), default=0) < 2 and not mixed:
            out.append(span)
            continue
        # Something long runs over the gap: the numbers alone tell the columns, words end where the numbers begin.
        parts = _covered([w for ns in numbers for w in ns])
        first = min(part.x0 for part in parts)
        labels = [w for row in inside for w in row if not w.is_number and w.x0 < first - GAP]
        if labels:
            left = min(w.x0 for w in labels)
            parts = [Span(left, max(min(max(w.x1 for w in labels), first - GAP), left)), *parts]
        out += parts
    return _with_labels(sorted(out, key=lambda s: s.x0), bands)


def _with_labels(spans: Sequence[Span], bands: Sequence[Band]) -> list[Span]:
    """The spans with the words of rows without values: they widen and join spans of labels, never those of values."""
    values = [w for band in bands for w in band.words if w.is_number]
    fixed = [span for span in spans if any(span.overlap(w) > 0 for w in values)]
    loose = [span for span in spans if span not in fixed]
    for word in (w for band in bands if not band.has_values for w in band.words):
        if not any(span.overlap(word) > -GAP for span in fixed):
            loose.append(Span(word.x0, word.x1))
    return sorted([*fixed, *_covered(loose)], key=lambda s: s.x0)


def _text_before(row: Sequence[Word], word: Word) -> str:
    """The word with the words of one character around it: 合　计."""
    return "".join(w.text for w in row if not w.is_number and abs(w.x_mid - word.x_mid) < 8 * word.height)


def _covered(words: Sequence[Word] | Sequence[Span]) -> list[Span]:
    """The intervals covered by some words, those less than GAP apart joined."""
    out: list[Span] = []
    ordered: list[Word | Span] = sorted(words, key=lambda w: w.x0)
    for word in ordered:
        if out and word.x0 - out[-1].x1 < GAP:
            out[-1] = Span(out[-1].x0, max(out[-1].x1, word.x1))
        else:
            out.append(Span(word.x0, word.x1))
    return out


# --- header ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Setting:
    """How a document sets its headers."""

    leading: float
    """How far apart the lines of wrapped labels are; 0 where none is, infinite where rules part cells anyway."""
    spaced: Collection[str]
    """Words that are one however far apart their letters are."""


def header_cells(
    bands: Sequence[Band], columns: Sequence[Span], rules: Sequence[Box], setting: Setting
) -> list[Header]:
    """The header as a forest, left to right. `rules` are horizontal rules, which part cells above each other."""
    blocks: list[Header] = []
    for band in bands:
        words = [Header([[word]]) for word in band.words]
        pieces: list[Header] = []
        for group in unspaced(band.words, setting.spaced):
            single = [Header([[word]]) for word in group]
            tails = any(_wraps_into(b, one, words, rules, setting.leading) for b in blocks for one in single)
            pieces += single if tails else [Header([group])]
        for piece in pieces:
            over = [b for b in blocks if _wraps_into(b, piece, pieces, rules, setting.leading)]
            if len(over) == 1:
                over[0].lines += piece.lines
            else:
                blocks.append(piece)
    forest = _forest(blocks, columns)
    if parted := _parted_from_groups(forest, blocks):
        forest = _forest(parted, columns)
    return forest


def _parted_from_groups(forest: Sequence[Header], blocks: Sequence[Header]) -> list[Header]:
    """The cells with group headers parted from the cell below them, where they were taken for one; [] if none was.

    A cell on the lower level that stands under nothing misses its group, which then hangs on a neighbour: what is
    left of that without its first lines stands on the same level.
    """
    middle = (max(b.y1 for b in blocks) + min(b.y0 for b in blocks)) / 2 if blocks else 0.0
    orphans = [r for r in forest if not r.below and r.y_mid < middle - 0.35 * r.size]
    out: list[Header] = []
    for block in blocks:
        cut = next(
            (
                k
                for k in range(1, len(block.lines))
                if any(o is not block and abs(Header(block.lines[k:]).y_mid - o.y_mid) < 0.25 * o.size for o in orphans)
            ),
            None,
        )
        out += [Header(block.lines)] if cut is None else [Header(block.lines[:cut]), Header(block.lines[cut:])]
    return out if len(out) > len(blocks) else []


def _wraps_into(above: Header, piece: Header, pieces: Sequence[Header], rules: Sequence[Box], leading: float) -> bool:
    """Whether a piece is the next line of a header cell: close below it, over it, and nothing drawn between."""
    last = above.lines[-1]
    foot, head = last[0].y_mid, piece.y_mid
    width = min(above.x1 - above.x0, piece.x1 - piece.x0)
    overlap = min(above.x1, piece.x1) - max(above.x0, piece.x0)
    x = (max(above.x0, piece.x0) + min(above.x1, piece.x1)) / 2
    apart, usual = foot - head, _LEADING * min(last[0].height, piece.size)
    close = leading == inf or abs(apart - leading) <= 0.4 or apart <= (min(leading + 0.4, usual) if leading else usual)
    return (
        foot > head
        and close
        and overlap > 0.6 * width
        and not any(head < r.y0 < foot and r.x0 <= x <= r.x1 for r in rules)
        and not any(p is not piece and min(above.x1, p.x1) - max(above.x0, p.x0) > 0 for p in pieces)
    )


def _forest(blocks: Sequence[Header], columns: Sequence[Span]) -> list[Header]:
    """Put each cell over those it is centred on, level by level, the lowest first."""
    roots: list[Header] = []
    rest = sorted(blocks, key=lambda b: b.y_mid)
    while rest:
        level = [b for b in rest if b.y_mid - rest[0].y_mid <= _LEVEL * rest[0].size]
        rest = rest[len(level) :]
        over = [(b, under) for b in sorted(level, key=lambda b: b.x_mid) if (under := _under(b, roots, columns))]
        for block, run in _shared_out(over, roots, columns):
            block.below = run
            roots = [r for r in roots if r not in run]
        roots = sorted([*roots, *level], key=lambda r: r.x_mid)
    return roots


def _under(block: Header, roots: Sequence[Header], columns: Sequence[Span]) -> list[Header]:
    """The cells that stand below some words for certain: below them, in their column, or at both sides of their gap."""
    lower = [r for r in roots if r.y1 <= block.y_mid]
    if under := [r for r in lower if min(r.x1, block.x1) > max(r.x0, block.x0)]:
        return under
    mine = [column for column in columns if column.overlap(block) > 0]
    if under := [r for r in lower if any(_extent(r, columns).overlap(column) > 0 for column in mine)]:
        return under
    left = max((r for r in roots if r.x1 <= block.x0), key=lambda r: r.x1, default=None)
    right = min((r for r in roots if r.x0 >= block.x1), key=lambda r: r.x0, default=None)
    if mine or left not in lower or right not in lower or left is None or right is None:
        return []
    if any(
        left.x1 < c.x0 and c.x1 < right.x0 and all(_extent(r, columns).overlap(c) <= 0 for r in lower) for c in columns
    ):
        return []  # a column of its own
    both = Span(_extent(left, columns).x0, _extent(right, columns).x1)
    return [left, right] if abs(both.x_mid - block.x_mid) < max(1.5 * block.size, (both.x1 - both.x0) / 4) else []


def _shared_out(
    over: Sequence[tuple[Header, list[Header]]], roots: Sequence[Header], columns: Sequence[Span]
) -> list[tuple[Header, list[Header]]]:
    """Each cell of a level with the run of cells below that it is centred on, so that all fit best together.

    Taking in a cell too many moves the middle by half its width; leaving one out costs a third of its width.
    """
    extents = [_extent(root, columns) for root in roots]

    def runs(block: Header, under: Sequence[Header]) -> list[tuple[int, int, float]]:
        level = under[0].middle
        places = [roots.index(r) for r in under]
        start, end = min(places), max(places)

        def fits(i: int) -> bool:
            return roots[i].y1 <= block.y_mid and abs(roots[i].middle - level) <= _LEVEL * block.size

        first, last = start, end
        while first > 0 and fits(first - 1):
            first -= 1
        while last + 1 < len(roots) and fits(last + 1):
            last += 1

        def cost(i: int, j: int) -> float:
            error = abs((extents[i].x0 + extents[j].x1) / 2 - block.x_mid)
            return error - sum(extent.width for extent in extents[i : j + 1]) / 3

        return [
            (i, j, cost(i, j))
            for i in range(first, start + 1)
            for j in range(end, last + 1)
        ]  # fmt: skip

    best: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
    for block, under in over:
        options = [
            (cost + more, [*way, (i, j)])
            for cost, way in best
            for i, j, more in runs(block, under)
            if not way or way[-1][1] < i
        ]
        if not options:  # they overlap below each other: the plain reading
            return [(b, u) for k, (b, u) in enumerate(over) if not any(r in other for _, other in over[:k] for r in u)]
        ends: dict[int, tuple[float, list[tuple[int, int]]]] = {}
        for option in sorted(options):
            ends.setdefault(option[1][-1][1], option)
        best = list(ends.values())
    return [(block, list(roots[i : j + 1])) for (block, _), (i, j) in zip(over, min(best)[1], strict=True)]


def _extent(header: Header, columns: Sequence[Span]) -> Span:
    """From where to where a header cell reaches with all that stands below it."""
    below = [Span(leaf.x0, leaf.x1) for leaf in header.leaves]
    below += [column for column in columns if any(column.overlap(span) > 0 for span in below)]
    return Span(min(header.x0, *(s.x0 for s in below)), max(header.x1, *(s.x1 for s in below)))


def settle_columns(forest: Sequence[Header], columns: Sequence[Span]) -> list[Span]:
    """The columns under a header, blank ones included; gives each header cell the columns it stands over.

    A body column belongs to the header it stands below, or else to the nearest; columns and headers keep their order.
    A header that gets none is that of a blank column.
    """
    leaves = [leaf for root in forest for leaf in root.leaves]
    owner = _matched(leaves, columns)
    out: list[Span] = []
    for i, leaf in enumerate(leaves):
        mine = [column for column, at in zip(columns, owner, strict=True) if at == i]
        leaf.columns = (len(out), len(out) + max(1, len(mine)) - 1)
        if len(mine) == 1:
            mine = [Span(min(mine[0].x0, leaf.x0), max(mine[0].x1, leaf.x1))]
        out += mine or [Span(leaf.x0, leaf.x1)]
    for root in forest:
        _widen(root)
    return out


def _widen(header: Header) -> None:
    for child in header.below:
        _widen(child)
    if header.below:
        header.columns = (header.below[0].columns[0], header.below[-1].columns[1])


def _matched(leaves: Sequence[Header], columns: Sequence[Span]) -> list[int]:
    """For each column the leaf it belongs to, in order, at the least distance; blank columns cost a little."""
    blank = 20.0
    costs = [[0.0 if c.overlap(h) > 0 else min(-c.overlap(h), 500.0) for h in leaves] for c in columns]
    best: list[tuple[float, list[int]]] = [(blank * i, []) for i in range(len(leaves))]
    for row in costs:
        new: list[tuple[float, list[int]]] = []
        for j in range(len(leaves)):
            options = []
            for i, (cost, way) in enumerate(best[: j + 1]):
                used = bool(way)
                skipped = j - i - 1 if used and j > i else 0
                second = 8.0 if used and i == j else 0.0
                if not used and i != j:
                    continue
                options.append((cost + blank * skipped + second + row[j], [*way, j]))
            new.append(min(options))
        best = new
    total = [(cost + blank * (len(leaves) - 1 - j), way) for j, (cost, way) in enumerate(best)]
    return min(total)[1] if total else []


def edges_of(columns: Sequence[Span], left: float, right: float) -> list[float]:
    """The edges between columns, in the middle of the white between them, and the outer ones."""
    inner = [(a.x1 + b.x0) / 2 for a, b in pairwise(columns)]
    return [min(left, columns[0].x0 - GAP), *inner, max(right, columns[-1].x1 + GAP)]
