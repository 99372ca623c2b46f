"""What a printed cell says as a number, and in which state it is.

The printed text stays beside it. Money becomes yuan in `pipelines.normalise`.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from pipelines.words import squash

_NUMBER = re.compile(
    r"^[≤≥<>=≦≧]?(?P<sign>[-+]?)(?P<open>\(?)(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?(?P<close>\)?)"
    r"(?P<unit>%|亿元|万元|千元|元|人次|人|辆|个|家|项|次|台|套|平方米)?$"
)
_DASH = re.compile(r"^[-_/]+$")
_FORMS = str.maketrans(
    {"−": "-", "－": "-", "—": "-", "–": "-", "﹣": "-", "，": ",", "．": ".", "％": "%", "一": "-", "─": "-", "―": "-"}
)
_DIGITS = re.compile(r"\d")


class Printed(NamedTuple):
    """A cell's value: state as in `prov.figure.value_state`, and the unit where one is printed behind the number."""

    state: str
    value: Decimal | None
    unit: str | None = None


BLANK = Printed("blank", None)


def read_number(text: str) -> Printed | None:
    """Read a cell. None when it holds words, not a number.

    Brackets mean a negative amount (accounting style); a lone dash is a dash, not zero; digits that form no number
    are unreadable, never guessed.
    """
    plain = squash(text)
    if not plain:
        return BLANK
    plain = unicodedata.normalize("NFKC", plain).translate(_FORMS)
    if _DASH.match(plain):
        return Printed("dash", None)
    match = _NUMBER.match(plain)
    if match is None or bool(match["open"]) != bool(match["close"]):
        if _DIGITS.search(plain) and not re.search(r"[^\d.,%()+-]", plain):
            return Printed("unreadable", None)
        return None
    value = Decimal(match["digits"].replace(",", "") + (match["fraction"] or ""))
    if match["sign"] == "-" or match["open"]:
        value = -value
    return Printed("zero" if value == 0 else "number", value, match["unit"])


def is_amount(text: str) -> bool:
    """Whether the text is a number printed as money: with a fraction or thousands separators."""
    printed = read_number(text)
    return printed is not None and printed.value is not None and bool(re.search(r"[.,，．]", text))
