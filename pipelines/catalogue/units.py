"""Loads `units.yaml`: how an account says which units it covers."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import msgspec
import yaml


class UnitWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of `units.yaml`; all are regular expressions on canonical text."""

    lists: list[str]
    lists_below: str
    own_only: str
    counts_by_kind: str
    header: str
    name: str
    unit: str
    before: str
    end: str
    own_office: str
    merged: str

    def is_own_office(self, name: str) -> bool:
        """Whether a canonical name means the department's own office: 某局（本级）."""
        return re.search(self.own_office, name) is not None


@functools.cache
def unit_words() -> UnitWords:
    """The words as shipped.

    Raises:
        msgspec.ValidationError: naming the field, if the YAML does not have the declared form.
    """
    text = (Path(__file__).parent / "units.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), UnitWords)
