"""Text lines cut into words by place, and words gathered into bands: what tables without rulings are told from.

Only where words stand; which of them make a table is told in `unruled`, its columns in `alignment`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.extract.pages.model import TextLine
from pipelines.extract.tables.numbers import is_amount, read_number

_SAME_BAND = 0.35
"""Words whose middles are nearer than this share of their height stand in one band."""
_APART = 1.2
"""A gap (points) inside a word that may part a label from the amount beside it."""
_SPLIT_CODES = frozenset("类款项")


class Word(NamedTuple):
    """Characters of one line that stand together, with the edges of each."""

    text: str
    x0s: list[float]
    x1s: list[float]
    y0: float
    y1: float

    @property
    def x0(self) -> float:
        return self.x0s[0]

    @property
    def x1(self) -> float:
        return self.x1s[-1]

    @property
    def x_mid(self) -> float:
        return (self.x0s[0] + self.x1s[-1]) / 2

    @property
    def y_mid(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def is_number(self) -> bool:
        """Whether it prints a number or the dash that stands for one."""
        printed = read_number(self.text)
        return printed is not None and printed.state != "blank"

    def cut(self, start: int, end: int) -> Word:
        """The characters `start` to `end` (exclusive)."""
        return Word(self.text[start:end], self.x0s[start:end], self.x1s[start:end], self.y0, self.y1)


@dataclass(frozen=True)
class Band:
    """The words at one height, left to right."""

    words: list[Word]
    y0: float
    y1: float

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def y_mid(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def amounts(self) -> int:
        return sum(is_amount(word.text) for word in self.words)

    @property
    def has_values(self) -> bool:
        """Whether a number or dash stands in it that may be a value."""
        return any(word.is_number for word in self.words)


def words_of(line: TextLine) -> list[Word]:
    """The words of a line: parted by white space, and by a gap where a number meets a word or another number."""
    whole = Word(line.text, line.x0s, line.x1s, line.y0, line.y1)
    return [
        part
        for found in re.finditer(r"\S+", line.text)
        for part in _parted(whole.cut(found.start(), found.end()))
    ]  # fmt: skip


def _parted(word: Word) -> list[Word]:
    for i in range(1, len(word.text)):
        if word.x0s[i] - word.x1s[i - 1] <= _APART:
            continue
        left, right = word.cut(0, i), word.cut(i, len(word.text))
        if is_amount(left.text) or is_amount(right.text):
            return [left, *_parted(right)]
    return [word]


def bands_of(lines: Iterable[TextLine]) -> list[Band]:
    """The bands of some lines, top to bottom."""
    bands: list[list[Word]] = []
    for word in sorted((w for line in lines for w in words_of(line)), key=lambda w: -w.y_mid):
        first = bands[-1][0] if bands else None
        if first is not None and first.y_mid - word.y_mid <= _SAME_BAND * min(first.height, word.height):
            bands[-1].append(word)
        else:
            bands.append([word])
    return [Band(sorted(band, key=lambda w: w.x0), min(w.y0 for w in band), max(w.y1 for w in band)) for band in bands]


def joined(words: Sequence[Word]) -> TextLine:
    """Words of one band as a line."""
    text = ""
    x0s: list[float] = []
    x1s: list[float] = []
    for word in words:
        if text:
            text += " "
            x0s.append(x1s[-1])
            x1s.append(max(x1s[-1], word.x0))
        text += word.text
        x0s += word.x0s
        x1s += word.x1s
    return TextLine(text, x0s, x1s, min(w.y0 for w in words), max(w.y1 for w in words))


def unspaced(words: Sequence[Word], spaced: Collection[str]) -> list[list[Word]]:
    """Words of a header grouped so that letter-spaced ones (金　额) are one; 类, 款 and 项 are columns of their own.

    `spaced` are words that are one however far their letters are apart.
    """
    out: list[list[Word]] = []
    for word in words:
        last = out[-1] if out else None
        if last is not None and all(len(w.text) == 1 for w in (*last, word)) and _one_word(last, word, spaced):
            last.append(word)
        else:
            out.append([word])
    return out


def _one_word(last: Sequence[Word], word: Word, spaced: Collection[str]) -> bool:
    if "".join(w.text for w in (*last, word)) in spaced:
        return True
    if word.text in _SPLIT_CODES and last[-1].text in _SPLIT_CODES:
        return False
    even = len(last) < 2 or abs((word.x0 - last[-1].x1) - (last[-1].x0 - last[-2].x1)) < 0.3 * word.height
    return even and word.x0 - last[-1].x1 < 4 * word.height
