"""What is asked of the second readers and what they answer: figures as read first, and what each reader says of them.

How a page is read again is `position` and `rendered`.
"""

from __future__ import annotations

import unicodedata
from typing import Literal, NamedTuple

import msgspec

from pipelines.extract.pages.model import Box

Reader = Literal["position", "camelot", "unread"]
Doubt = Literal["", "number", "column", "row", "subject", "unit"]
"""In what a second reading differs, or what it cannot tell."""


class Printed(msgspec.Struct, frozen=True):
    """A figure as it was read first. The box is in the PDF's user space; `table_no` is None in running text."""

    figure_id: str
    page: int
    table_no: int | None
    row: str
    column: str
    text: str
    box: Box
    subject: str = ""
    """Printed budget code of the row, or the subject that a statement names."""
    unit: str = ""
    in_account: bool = True
    """False in free forms, where words stand on all sides of a number and only the number is asked for."""
    is_word: bool = False
    """Read as words: a comparison, a listed name, a title."""
    is_stated: bool = True
    """False for what was read as neither number nor word: nothing is asked of it, but its ink has been read."""


class Rereading(NamedTuple):
    """What one reader says of a figure; `agrees` is None where it cannot tell.

    `doubt` says in what it differs, or what it could not find again. Reader `unread` gives numbers of a table that no
    figure has: `figure_id` is then the figure of the table nearest to it, in its row or column if there is one.
    """

    figure_id: str
    reader: Reader
    page: int
    text: str
    agrees: bool | None
    doubt: Doubt = ""


def digits(text: str) -> str:
    """The digits of a number, its point and its sign, as any reader would give them."""
    return "".join(ch for ch in unicodedata.normalize("NFKC", text) if ch.isdecimal() or ch in ".-")
