"""Running text: the lines outside tables as sentences, each character with its place on a page.

White space carries no meaning in these documents (numbers are spaced, words are broken over lines), so a sentence
is text without any. What a sentence says is decided in `statements`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from pipelines.extract.pages.model import Box, Page, TextLine

MARGIN = 0.12
"""Share of the page height at the top and the bottom where running heads and page numbers stand."""
REPEATS = 3
"""A margin line printed alike on this many pages is a running head."""
_DASHED_NUMBER = re.compile(r"[-—–─－]+\s*\d{1,4}\s*[-—–─－]+")
_PAGE_NUMBER = re.compile(r"[-—–─－·\s]*(?:第\s*)?\d{1,4}\s*页?(?:\s*[/／，,]?\s*共?\s*\d{1,4}\s*页?)?[-—–─－·\s]*")
_FIRST_WORD = re.compile(r"[“‘（《〔(]*(?:[0-9A-Za-z.,，%％]+|.)[”’）》〕，。；：、！？)]*")
_ENUMERATOR = re.compile(
    r"第[一二三四五六七八九十]+部分|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d)"
)
_HEADING = re.compile(rf"(?:{_ENUMERATOR.pattern})[^，。；：]*(?:情况|说明|概况)")
_OPEN_CLAUSE = re.compile(r".*[，；：].*[^。！？；：”’）)]")
"""A line that ends within a sentence: one not set in from it goes on with it, however short this one is."""
_STOPS = "。！？"
_CLOSERS = "”’）)。"
_LOW_MARKS = "，、。；：,.;"


class Spot(NamedTuple):
    """Where one character stands: the page's number, the line it belongs to, and its place in that line."""

    page: int
    line: TextLine
    at: int


@dataclass(frozen=True)
class Sentence:
    """A sentence or heading without white space; `spots` is parallel to `text`."""

    text: str
    spots: Sequence[Spot]
    opens_paragraph: bool
    """Whether a paragraph begins here (only then can it be a heading)."""
    closes_paragraph: bool

    def boxes(self, start: int = 0, end: int | None = None) -> list[tuple[int, Box]]:
        """(page, box in reading space) of the characters `start` to `end`, one for each line they stand on."""
        found: list[tuple[int, Box]] = []
        run: list[Spot] = []
        for spot in self.spots[start:end]:
            if run and spot.line is not run[-1].line:
                found.append(_box(run))
                run = []
            run.append(spot)
        if run:
            found.append(_box(run))
        return found


def _box(run: Sequence[Spot]) -> tuple[int, Box]:
    return run[0].page, run[0].line.box_of(run[0].at, run[-1].at + 1)


def sentences(pages: Sequence[Page]) -> Iterator[Sentence]:
    """The sentences of a document in reading order, over line and page breaks."""
    for paragraph in _paragraphs(pages):
        spots = [
            Spot(number, line, i)
            for number, line in paragraph
            for i, char in enumerate(line.text)
            if not char.isspace()
        ]
        text = "".join(spot.line.text[spot.at] for spot in spots)
        start = 0
        while start < len(text):
            end = _sentence_end(text, start)
            yield Sentence(text[start:end], spots[start:end], start == 0, end == len(text))
            start = end


def _sentence_end(text: str, start: int) -> int:
    """Behind the next full stop, closing quotes and brackets included."""
    end = min((at for mark in _STOPS if (at := text.find(mark, start)) >= 0), default=len(text) - 1) + 1
    while end < len(text) and text[end] in _CLOSERS:
        end += 1
    return end


def _paragraphs(pages: Sequence[Page]) -> Iterator[list[tuple[int, TextLine]]]:
    heads = _running_heads(pages)
    paragraph: list[tuple[int, TextLine]] = []
    for page in pages:
        lines = [line for line in _mended(page.lines) if not _is_furniture(page, line, heads)]
        if not lines:
            # A page of tables or images between two texts parts them; a blank one does not.
            if page.glyphs and paragraph:
                yield paragraph
                paragraph = []
            continue
        left = min(line.x0s[0] for line in lines)
        right = median(line.x1s[-1] for line in lines)
        above: TextLine | None = None
        for line in lines:
            if paragraph and _breaks(page, paragraph[-1][1], above, line, left, right):
                yield paragraph
                paragraph = []
            paragraph.append((page.number, line))
            above = line
    if paragraph:
        yield paragraph


def _breaks(page: Page, last: TextLine, above: TextLine | None, line: TextLine, left: float, right: float) -> bool:
    """Whether a paragraph begins with `line`; `above` is None where it is the first of its page."""
    size = line.y1 - line.y0
    if _ENUMERATOR.match(line.text) or _HEADING.fullmatch(last.text):
        return True
    if _OPEN_CLAUSE.fullmatch(last.text) and line.x0s[0] < last.x0s[0] + size:
        return False
    if line.x0s[0] > left + 1.2 * size:
        return True
    if above is not None:
        if above.y0 - line.y1 > 2.5 * size:
            return True
        if any(line.y1 <= grid.rect.y1 and grid.rect.y0 <= above.y0 for grid in page.grids):
            return True
    # Lines wrap where the next word does not fit. The right edge of ragged text is known roughly, hence the allowance.
    word = _FIRST_WORD.match(line.text)
    needed = line.x1s[word.end() - 1] - line.x0s[0] if word else size
    return right - last.x1s[-1] > needed + 3 * size


def _mended(lines: Iterable[TextLine]) -> list[TextLine]:
    """Punctuation that fell out of its line (fonts that print it low) put back into the gap it left."""
    kept: list[TextLine] = []
    for line in lines:
        marks = [char for char in line.text if not char.isspace()]
        if kept and all(char in _LOW_MARKS for char in marks) and line.y1 > kept[-1].y0:
            kept[-1] = _refilled(kept[-1], line)
        else:
            kept.append(line)
    return kept


def _refilled(line: TextLine, marks: TextLine) -> TextLine:
    """`line` with each mark in the gap at its place; marks that meet no gap are left out."""
    text, x0s, x1s = list(line.text), list(line.x0s), list(line.x1s)
    for mark, x0, x1 in zip(marks.text, marks.x0s, marks.x1s, strict=True):
        middle = (x0 + x1) / 2
        for i, char in enumerate(text):
            if char == " " and x0s[i] <= middle <= x1s[i] and not mark.isspace():
                text[i], x0s[i], x1s[i] = mark, x0, x1
                break
    return TextLine("".join(text), x0s, x1s, min(line.y0, marks.y0), line.y1)


def _in_margin(page: Page, line: TextLine) -> bool:
    return line.y0 > page.height * (1 - MARGIN) or line.y1 < page.height * MARGIN


def _running_heads(pages: Sequence[Page]) -> set[str]:
    """Texts repeated in the margins of several pages, digits aside."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_without_digits(line) for line in page.lines if _in_margin(page, line)})
    return {text for text, count in seen.items() if count >= REPEATS}


def _without_digits(line: TextLine) -> str:
    return re.sub(r"[\d\s]+", "", line.text)


def _is_furniture(page: Page, line: TextLine, heads: set[str]) -> bool:
    """Page numbers and running heads. A dashed number may stand anywhere: converted documents keep it in the text."""
    if _DASHED_NUMBER.fullmatch(line.text):
        return True
    if not _in_margin(page, line):
        return False
    if _PAGE_NUMBER.fullmatch(line.text):
        return True
    text = _without_digits(line)
    # Pieces of sentences may repeat at a page's edge too; a running head has no punctuation.
    return len(text) > 1 and text in heads and not re.search(r"[，。；、]", text)
