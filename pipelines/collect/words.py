"""The words a disclosure site is walked by (`words.yaml`), as patterns.

What is done about them is `pipelines.collect.judge`.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from pipelines.errors import UsageError
from pipelines.words import squash

FILE = Path(__file__).with_name("words.yaml")


class Words:
    """One group of patterns; `in_` tells whether a text has any of them."""

    def __init__(self, patterns: list[str]) -> None:
        self.pattern = re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)

    def in_(self, text: str) -> bool:
        """Whether the text, without its white space, has one of these words."""
        return self.pattern.search(squash(text)) is not None


@cache
def words(group: str) -> Words:
    """The words of one group. Raises UsageError when the file lacks it or a pattern is none."""
    groups = _groups()
    if group not in groups:
        raise UsageError(f"{FILE}: the group {group!r} is missing.")
    try:
        return Words(groups[group])
    except re.error as error:
        raise UsageError(f"{FILE}: {group}: {error}") from error


@cache
def _groups() -> dict[str, list[str]]:
    groups: dict[str, list[str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return groups
