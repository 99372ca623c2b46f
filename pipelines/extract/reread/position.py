"""The second reading by position: is the figure printed where it was read, below its header words, beside its label?

What stands in a figure's place is compared with what was read, and so is what it was taken to mean: going up from
the figure through the ruled boxes, the words of its column must be met; going left, the label and code of its row;
the unit above its table; the subject in the sentences before it. Nothing here knows of grids, headers or rows as
they were read first. Words that cannot be found either way say nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from pipelines.extract.pages.model import Box
from pipelines.extract.reread.model import Doubt, Printed, Rereading, digits
from pipelines.extract.reread.sheet import Sheet, words_of
from pipelines.words import canonical

_SLACK = 1.5
"""Points by which boxes of the same ink may differ between the readings."""
_REACH = 40.0
"""Points beside a figure within which its own word begins and ends."""
_STEP = 2.0
"""Points beyond a ruling at which the next box is looked for."""
_ALIKE = 3.0
"""Columns of two pages whose rulings differ by no more are one column."""
_FURTHEST = 120
"""So many boxes are passed at most on the way to a header or label."""
_AMOUNT = re.compile(r"[-+(]?\d[\d,]*\.\d+\)?|[-+(]?\d{1,3}(?:,\d{3})+\)?")
_NUMBER = re.compile(r"[-+(]?[\d,.]+[%)]*|[-/]*")
_MONEY = ("亿元", "百万元", "万元", "千元", "元")
_UNIT = re.compile(rf"单位[:：]?(?:人民币)?\(?({'|'.join(_MONEY)})")
_REFERS = re.compile("(?:具体为|其中)")
_CODED = re.compile(r"\((\d{3,7})\)")
_WORDS = re.compile(r"[^\W\d]{2}")
_SUBJECT_CODE = re.compile(r"[235]\d{4}(?:\d{2})?")
_CODES = 3
"""So many different codes left of figures are a column of codes; fewer may be amounts in yuan."""
_PAGE_NUMBER = re.compile(r"[-—–─－第]*\d*[-—–─－页]*")
_STOP = "。！？"


def read_by_position(sheet_of: Callable[[int], Sheet], figures: Sequence[Printed]) -> list[Rereading]:
    """What stands in the place of each of the `figures` of a document, and every amount of their tables none has.

    `sheet_of` gives a page by its number, from 1. Figures that are no numbers are not judged.
    """
    out: list[Rereading] = []
    tables: dict[int, list[Printed]] = {}
    for figure in figures:
        if figure.table_no is not None:
            tables.setdefault(figure.table_no, []).append(figure)
        elif figure.is_stated:
            out.append(_in_text(sheet_of, figure))
    boxes: dict[int, list[Box]] = {}
    for figure in figures:
        if figure.is_stated:
            boxes.setdefault(figure.page, []).append(sheet_of(figure.page).shown(figure.box))
    for table in tables.values():
        out += _Table(sheet_of, table).read()
        out += _unread(sheet_of, table, boxes)
    return out


class _Table:
    """The figures of one table among the rulings and words of its pages."""

    def __init__(self, sheet_of: Callable[[int], Sheet], figures: Sequence[Printed]) -> None:
        self.sheet_of = sheet_of
        self.figures = figures
        self.leaves = {canonical(figure.column.split("/")[-1]) for figure in figures} - {""}
        self.places = {figure.figure_id: sheet_of(figure.page).shown(figure.box) for figure in figures}
        self.heights: dict[int, list[float]] = {}
        """The heights of its figures, by page."""
        for figure in figures:
            self.heights.setdefault(figure.page, []).append(self.places[figure.figure_id].y_mid)
        self.above = lru_cache(maxsize=None)(self._above)
        self.beside = lru_cache(maxsize=None)(self._beside)
        self.headed: dict[int, float] = {}
        """Pages with header words, and the height of a row below them."""
        self.units = self._units()
        self.lost_codes: frozenset[str] = frozenset()
        """Printed budget codes of a table in which no figure has one."""

    def read(self) -> Iterator[Rereading]:
        numbers = [figure for figure in self.figures if figure.is_stated]
        cells = {figure.figure_id: self._cell(figure) for figure in numbers}
        for figure in numbers:
            cell = cells[figure.figure_id]
            if cell and figure.page not in self.headed and self._has_header(self.above(figure.page, cell)):
                self.headed[figure.page] = cell.y_mid
        if not any(figure.subject for figure in numbers):
            beside = (self.beside(figure.page, cell) for figure in numbers if (cell := cells[figure.figure_id]))
            codes = frozenset(text for texts in beside for text in texts if _SUBJECT_CODE.fullmatch(text))
            self.lost_codes = codes if len(codes) >= _CODES else frozenset()
        for figure in numbers:
            yield self._judged(figure, cells[figure.figure_id])

    def _judged(self, figure: Printed, cell: Box | None) -> Rereading:
        seen = _number_at(self.sheet_of(figure.page), self.places[figure.figure_id], cell, figure.text)
        if digits(seen) != digits(figure.text):
            return Rereading(figure.figure_id, "position", figure.page, seen, False, "number")
        if not figure.in_account:
            return Rereading(figure.figure_id, "position", figure.page, seen, True)
        unsure: Doubt = ""
        checks: tuple[tuple[Doubt, tuple[bool | None, str]], ...] = (
            ("column", self._column(figure, cell)),
            ("row", self._row(figure, cell)),
            ("subject", self._subject(figure, cell)),
            ("unit", self._unit(figure, cell)),
        )
        for doubt, (agrees, words) in checks:
            if agrees is False:
                return Rereading(figure.figure_id, "position", figure.page, words, False, doubt)
            if agrees is None and doubt in ("column", "row"):
                unsure = unsure or doubt
        return Rereading(figure.figure_id, "position", figure.page, seen, True, unsure)

    def _cell(self, figure: Printed) -> Box | None:
        place = self.places[figure.figure_id]
        return self.sheet_of(figure.page).cell_at(place.x_mid, place.y_mid)

    # --- on the way up and to the left ----------------------------------------------------------------------------

    def _above(self, page: int, cell: Box) -> tuple[str, ...]:
        """The texts of the boxes above a box, from the nearest to the top of the table."""
        return tuple(self._walk(page, cell, up=True))

    def _beside(self, page: int, cell: Box) -> tuple[str, ...]:
        """The texts of the boxes left of a box, from the nearest to the edge of the table."""
        return tuple(self._walk(page, cell, up=False))

    def _walk(self, page: int, cell: Box, *, up: bool) -> Iterator[str]:
        sheet = self.sheet_of(page)
        x, y = cell.x_mid, cell.y_mid
        for _ in range(_FURTHEST):
            there = sheet.cell_at(x, cell.y1 + _STEP) if up else sheet.cell_at(cell.x0 - _STEP, y)
            if there is None:
                return
            if text := canonical(sheet.text_in(there)):
                yield text
            cell = there

    def _has_header(self, stack: Sequence[str]) -> bool:
        return any(_holds(text, leaf) for text in stack if not _NUMBER.fullmatch(text) for leaf in self.leaves)

    # --- what a figure was taken to mean --------------------------------------------------------------------------

    def _column(self, figure: Printed, cell: Box | None) -> tuple[bool | None, str]:
        levels = [words for level in figure.column.split("/") if (words := canonical(level))]
        if not levels or cell is None:
            return None, ""
        # On a page that goes on without header, the header is that of the same column on another page.
        stacks = [self.above(figure.page, cell), *(self._same_column(page, cell) for page in self.headed)]
        stack = next((words for words in stacks if self._has_header(words)), None)
        if stack is None:
            # Other words than those of any figure stand there; where the table has its header, they are the header.
            first = figure.page in self.headed or figure.page == min(self.heights)
            stack = stacks[0] if first and any(_WORDS.search(text) for text in stacks[0]) else None
        if stack is None:
            return None, ""
        missing = [level for level in levels if not any(_holds(text, level) for text in stack)]
        words = "/".join(text for text in reversed(stack) if not _NUMBER.fullmatch(text))
        return not missing, words

    def _same_column(self, page: int, cell: Box) -> tuple[str, ...]:
        there = self.sheet_of(page).cell_at(cell.x_mid, self.headed[page])
        if there is None or max(abs(there.x0 - cell.x0), abs(there.x1 - cell.x1)) > _ALIKE:
            return ()
        return self.above(page, there)

    def _row(self, figure: Printed, cell: Box | None) -> tuple[bool | None, str]:
        labels = [words for label in figure.row.split("/") if not _NUMBER.fullmatch(words := canonical(label))]
        if not labels:
            return True, ""
        if cell is None:
            return None, ""
        texts = [text for text in self.beside(figure.page, cell) if not _NUMBER.fullmatch(text)]
        if not texts:
            return None, ""
        # A label may run over the edge of its box; at a page break it may hold more than what stands here.
        row = "".join([*self.beside(figure.page, cell), canonical(self.sheet_of(figure.page).text_in(cell))])
        cut = self._at_page_break(figure)
        found = all(
            any(_holds(text, label) or (cut and len(text) > 1 and text in label) for text in texts)
            or _holds(row, label)
            for label in labels
        )
        return found, "/".join(reversed(texts))

    def _at_page_break(self, figure: Printed) -> bool:
        """Whether a figure stands in the last row of its page, or in the first, and the table goes on beyond it."""
        heights = self.heights[figure.page]
        place = self.places[figure.figure_id].y_mid
        last, first = place < min(heights) + _ALIKE, place > max(heights) - _ALIKE
        return (last and figure.page < max(self.heights)) or (first and figure.page > min(self.heights))

    def _subject(self, figure: Printed, cell: Box | None) -> tuple[bool | None, str]:
        if cell is None:
            return None, ""
        if not figure.subject:
            lost = [text for text in self.beside(figure.page, cell) if text in self.lost_codes]
            return (False if lost else None), " ".join(lost)
        codes = [code[0] for text in self.beside(figure.page, cell) if (code := re.match(r"\d+(?![\d.,])", text))]
        whole = "".join(code.zfill(2) for code in reversed(codes))
        # A row may print only the last digits of its code, the others standing in a row above.
        found = figure.subject in whole or figure.subject.endswith(whole)
        return found or (False if any(len(code) >= 3 for code in codes) else None), " ".join(codes)

    def _unit(self, figure: Printed, cell: Box | None) -> tuple[bool | None, str]:
        if figure.unit not in _MONEY or not self.units or figure.unit in self.units:
            return None, ""
        nearer = [figure.text, *(self.above(figure.page, cell) if cell is not None else ())]
        return (None if any(figure.unit in text for text in nearer) else False), " ".join(sorted(self.units))

    def _units(self) -> frozenset[str]:
        first = min(figure.page for figure in self.figures)
        top = max(self.places[figure.figure_id].y1 for figure in self.figures if figure.page == first)
        sheet = self.sheet_of(first)
        above = "".join(word.text for word in sheet.words if word.box.y_mid > top)
        return frozenset(_UNIT.findall(canonical(above)))


def _number_at(sheet: Sheet, place: Box, cell: Box | None, expected: str) -> str:
    """What is printed in a figure's place: the text of its ruled box, or else the whole words that stand there."""
    if cell is not None and digits(text := sheet.text_in(cell)) == digits(expected):
        return text
    around = Box(place.x0 - _REACH, place.y0 - _SLACK, place.x1 + _REACH, place.y1 + _SLACK)
    words = words_of(sheet.chars_in(around), sheet.upright)
    return " ".join(word.text for word in words if _inside(word.box, place) or _inside(place, word.box))


def _inside(box: Box, other: Box) -> bool:
    """Whether the middle of a box lies in another."""
    return (
        other.x0 - _SLACK <= box.x_mid <= other.x1 + _SLACK and other.y0 - _SLACK <= box.y_mid <= other.y1 + _SLACK
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _letters(text: str) -> Counter[str]:
    return Counter(text)


def _holds(text: str, words: str) -> bool:
    """Whether all characters of `words` are in a text: wrapped words keep them, whatever their order."""
    return words in text or _letters(words) <= _letters(text)


# --- numbers no figure has ------------------------------------------------------------------------------------------


def _unread(
    sheet_of: Callable[[int], Sheet], table: Sequence[Printed], boxes: dict[int, list[Box]]
) -> Iterator[Rereading]:
    """The amounts within the rulings of a table that stand in no figure's place."""
    pages: dict[int, list[Printed]] = {}
    for figure in table:
        pages.setdefault(figure.page, []).append(figure)
    for page, figures in pages.items():
        sheet = sheet_of(page)
        places = [(figure, sheet.shown(figure.box)) for figure in figures]
        region = _region(sheet, [place for _, place in places])
        for word in sheet.words:
            if not _inside(word.box, region) or not _AMOUNT.fullmatch(word.text):
                continue
            if any(_inside(word.box, box) for box in boxes.get(page, ())):
                continue
            figure, _ = min(places, key=lambda placed: _distance(placed[1], word.box))
            yield Rereading(figure.figure_id, "unread", page, word.text, False)


def _region(sheet: Sheet, places: Iterable[Box]) -> Box:
    """From the first to the last figure of a page, as far as the rulings around them go."""
    region: Box | None = None
    for place in places:
        region = place if region is None else region.union(place)
    assert region is not None
    cells = [cell for place in places if (cell := sheet.cell_at(place.x_mid, place.y_mid)) is not None]
    for cell in cells:
        region = region.union(cell)
    levels = [line for line in sheet.level if region.y0 - 1 <= line.at <= region.y1 + 1
              and line.start <= region.x1 and line.end >= region.x0]  # fmt: skip
    if not levels:
        return region
    return Box(min(region.x0, *(line.start for line in levels)), region.y0,
               max(region.x1, *(line.end for line in levels)), region.y1)  # fmt: skip


def _distance(place: Box, word: Box) -> tuple[bool, float]:
    """In one row or column first, then by nearness."""
    in_line = (place.x0 < word.x1 and word.x0 < place.x1) or (place.y0 < word.y1 and word.y0 < place.y1)
    return not in_line, abs(place.x_mid - word.x_mid) + abs(place.y_mid - word.y_mid)


# --- running text ---------------------------------------------------------------------------------------------------


def _in_text(sheet_of: Callable[[int], Sheet], figure: Printed) -> Rereading:
    sheet = sheet_of(figure.page)
    place = sheet.shown(figure.box)
    near = Box(place.x0 - _SLACK, place.y0 - _SLACK, place.x1 + _SLACK, place.y1 + _SLACK)
    chars = sheet.chars_in(near)
    text = sheet.text_in(near)
    # The box of what is broken over two lines holds much else, that of what is broken over two pages a piece of it.
    broken = place.height > 2 * max((char.box.height for char in chars), default=place.height)
    as_read = canonical if figure.is_word or not digits(figure.text) else digits  # 持平 has no digits
    if as_read(figure.text) not in as_read(text):
        words, there = canonical(figure.text), canonical(text)
        piece = as_read is canonical and there and (there in words or _letters(words) <= _letters(there))
        return Rereading(figure.figure_id, "position", figure.page, text, None if broken or piece else False, "number")
    before = canonical(_before(sheet_of, figure.page, place))
    *_, last, own = ["", *_sentences(before)]
    label = canonical(figure.subject.split("/")[-1])
    if label and label != canonical(figure.text):  # a listed name is its own subject
        if label not in before:
            # A page number or a code may stand within it.
            agrees = None if _holds(before[-500:], label) else False
            return Rereading(figure.figure_id, "position", figure.page, own[-80:], agrees, "subject")
    elif _REFERS.match(own) and (code := _CODED.search(last)):
        return Rereading(figure.figure_id, "position", figure.page, code[0], None, "subject")
    return Rereading(figure.figure_id, "position", figure.page, figure.text, True)


def _before(sheet_of: Callable[[int], Sheet], page: int, place: Box) -> str:
    """The words before a place, those of the page before included."""
    text = ""
    if page > 1:
        words = [word.text for word in sheet_of(page - 1).words]
        while words and _PAGE_NUMBER.fullmatch(words[-1]):
            words.pop()
        text = "".join(words)
    for word in sheet_of(page).words:
        if word.box.y0 > place.y_mid or (word.box.y1 > place.y_mid and word.box.x0 < place.x1):
            text += word.text
    return text


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(f"[{_STOP}]", text) if part] or [""]
