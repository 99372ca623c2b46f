"""Columns, header cells and rows of a table told from where its words stand, where no rulings say so.

Columns are the white gaps that run down the body; a header cell stands over the columns it is centred on; lines
nearer than rows are apart are one row. Knows nothing of titles and pages; see `unruled`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from pipelines.extract.pages.model import Box
from pipelines.extract.tables.words import Band, Word, unspaced

GAP = 2.0
"""White between two columns is at least this wide (points)."""
_LEADING = 1.45
"""Lines of one wrapped header cell are no further apart than this share of their height."""
_LEVEL = 0.45
"""Header cells whose middles differ by less than this share of a line stand on one level."""
_TOTAL = re.compile("合计|总计|小计")


@dataclass(frozen=True)
class Span:
    """An interval of the page's width."""

    x0: float
    x1: float

    @property
    def x_mid(self) -> float:
        return (self.x0 + self.x1) / 2

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
        return (self.y1 + min([self.y0, *(leaf.y0 for leaf in self.leaves)])) / 2 if self.below else self.y_mid

    @property
    def leaves(self) -> list[Header]:
        """The lowest cells below it, itself if there are none."""
        return [leaf for child in self.below for leaf in child.leaves] if self.below else [self]


# --- rows ------------------------------------------------------------------------------------------------------------


def rows_of(bands: Sequence[Band], rules: Sequence[float]) -> list[list[Band]]:
    """Bands gathered to rows, top to bottom. `rules` are heights of horizontal rules that no row crosses."""
    zones = [[b for b in bands if low < b.y_mid <= high] for high, low in pairwise([1e9, *sorted(rules)[::-1], -1e9])]
    zones = [zone for zone in zones if zone]
    single = [zone for zone in zones if sum(band.has_values for band in zone) <= 1]
    if len(single) >= max(3, 0.8 * len(zones)):  # every row has its rule
        pitch = 0.0
    else:
        pitches = [a.y_mid - b.y_mid for zone in zones for a, b in pairwise(zone) if a.has_values and b.has_values]
        pitch = median(pitches) if pitches else 1.7 * median(band.y1 - band.y0 for band in bands)
    out: list[list[Band]] = []
    for zone in zones:
        if zone in single and len(single) >= 3 and pitch == 0.0:
            out.append(zone)
            continue
        out.append([zone[0]])
        for above, band in pairwise(zone):
            apart = above.y_mid - band.y_mid
            lower = min(above.y1 - above.y0, band.y1 - band.y0)
            both = above.has_values and band.has_values
            if apart < (0.5 * lower if both else max(0.8 * pitch, 0.75 * lower)):
                out[-1].append(band)
            else:
                out.append([band])
    return out


# --- columns ---------------------------------------------------------------------------------------------------------


def body_columns(rows: Sequence[Sequence[Word]]) -> list[Span]:
    """The intervals that the words of the body leave white gaps between."""
    plain = [row for row in rows if any(w.is_number for w in row)]
    spans = _covered([w for row in plain for w in row if w.is_number or not _TOTAL.search(_text_before(row, w))])
    out: list[Span] = []
    for span in spans:
        inside = [[w for w in row if span.overlap(w) > 0] for row in plain]
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
            parts = [Span(min(w.x0 for w in labels), max(min(max(w.x1 for w in labels), first - GAP), labels[0].x0)), *parts]
        out += parts
    return sorted(out, key=lambda s: s.x0)


def _text_before(row: Sequence[Word], word: Word) -> str:
    """The word with the words of one character around it: 合　计."""
    return "".join(w.text for w in row if not w.is_number and abs(w.x_mid - word.x_mid) < 8 * word.height)


def _covered(words: Sequence[Word]) -> list[Span]:
    """The intervals covered by some words, those less than GAP apart joined."""
    out: list[Span] = []
    for word in sorted(words, key=lambda w: w.x0):
        if out and word.x0 - out[-1].x1 < GAP:
            out[-1] = Span(out[-1].x0, max(out[-1].x1, word.x1))
        else:
            out.append(Span(word.x0, word.x1))
    return out


# --- header ----------------------------------------------------------------------------------------------------------


def header_cells(bands: Sequence[Band], columns: Sequence[Span], rules: Sequence[Box]) -> list[Header]:
    """The header as a forest, left to right. `rules` are horizontal rules, which part cells above each other."""
    blocks: list[Header] = []
    for band in bands:
        pieces = [Header([group]) for group in unspaced(band.words)]
        for piece in pieces:
            over = [b for b in blocks if _wraps_into(b, piece, pieces, rules)]
            if len(over) == 1 and sum(_wraps_into(over[0], other, pieces, rules) for other in pieces) == 1:
                over[0].lines += piece.lines
            else:
                blocks.append(piece)
    return _forest(blocks, columns)


def _wraps_into(above: Header, piece: Header, pieces: Sequence[Header], rules: Sequence[Box]) -> bool:
    """Whether a piece is the next line of a header cell: close below it, over it, and nothing drawn between."""
    last = above.lines[-1]
    foot, head = last[0].y_mid, piece.y_mid
    width = min(above.x1 - above.x0, piece.x1 - piece.x0)
    overlap = min(above.x1, piece.x1) - max(above.x0, piece.x0)
    x = (max(above.x0, piece.x0) + min(above.x1, piece.x1)) / 2
    return (
        foot > head
        and foot - head <= _LEADING * max(last[0].height, piece.size)
        and overlap > 0.6 * width
        and not any(head < r.y0 < foot and r.x0 <= x <= r.x1 for r in rules)
        and not any(p is not piece and min(above.x1, p.x1) - max(above.x0, p.x0) > 0 for p in pieces)
    )


def _forest(blocks: Sequence[Header], columns: Sequence[Span]) -> list[Header]:
    """Put each cell over those it is centred on, the lowest first."""
    roots: list[Header] = []
    for block in sorted(blocks, key=lambda b: (b.y0, b.x0)):
        under = [r for r in roots if r.y1 <= block.y_mid and min(r.x1, block.x1) > max(r.x0, block.x0)]
        blank = not any(column.overlap(block) > 0 for column in columns)
        if not under and blank:  # centred over a gap: over the cells at both its sides, if these stand lower
            sides = [
                min((r for r in roots if side(r)), key=lambda r: abs(r.x_mid - block.x_mid), default=None)
                for side in (lambda r: r.x1 <= block.x0, lambda r: r.x0 >= block.x1)
            ]
            both = [r for r in sides if r is not None and r.y1 <= block.y_mid]
            if len(both) == 2 and abs((both[0].x0 + both[1].x1) / 2 - block.x_mid) < block.size:
                under = both
        if under:
            run = _run(block, under, roots)
            block.below = sorted(run, key=lambda r: r.x_mid)
            roots = [r for r in roots if r not in run]
        roots.append(block)
    return sorted(roots, key=lambda r: r.x_mid)


def _run(block: Header, under: Sequence[Header], roots: Sequence[Header]) -> list[Header]:
    """The neighbours on the level of those `under` a cell that it is centred on together with them."""
    level = under[0].middle
    row = sorted((r for r in roots if r.y1 <= block.y_mid), key=lambda r: r.x_mid)
    near = [r for r in row if abs(r.middle - level) <= _LEVEL * block.size or r in under]
    first, last = near.index(min(under, key=lambda r: r.x_mid)), near.index(max(under, key=lambda r: r.x_mid))

    def contiguous(i: int, j: int) -> bool:
        a, b = row.index(near[i]), row.index(near[j])
        return b - a == j - i

    best = (1e9, 0, first, last)
    for i in range(first + 1):
        for j in range(last, len(near)):
            if contiguous(i, j):
                error = abs((_left(near[i]) + _right(near[j])) / 2 - block.x_mid)
                # Off by less than half a character it is centred; of those the widest is meant.
                best = min(best, (max(error, 0.6 * block.size), i - j, i, j))
    return near[best[2] : best[3] + 1]


def _left(header: Header) -> float:
    return min([header.x0, *(leaf.x0 for leaf in header.leaves)])


def _right(header: Header) -> float:
    return max([header.x1, *(leaf.x1 for leaf in header.leaves)])


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
    """For each column the leaf it belongs to, in order, at the least distance; leaves without a column cost a little."""
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
