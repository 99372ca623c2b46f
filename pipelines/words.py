"""Comparing printed Chinese: white space, full-width forms, brackets and quotes made equal.

Only for matching. What is printed is always kept beside it.
"""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"\s+")
_QUOTES = re.compile("[\"'“”‘’„‟〝〞＂]")
_FORMS = str.maketrans(
    {
        "〔": "(",
        "〕": ")",
        "【": "(",
        "】": ")",
        "［": "(",
        "］": ")",
        "[": "(",
        "]": ")",
        "－": "-",
        "—": "-",
        "–": "-",
    }
)


def squash(text: str) -> str:
    """The text without white space: letter-spaced and wrapped labels become one word."""
    return _SPACE.sub("", text)


def canonical(text: str) -> str:
    """A matching key: no white space, no quotes, half-width forms, round brackets."""
    return _QUOTES.sub("", unicodedata.normalize("NFKC", squash(text)).translate(_FORMS))
