"""Loads `measures.yaml`: the one vocabulary of measures and the values of the other axes, with their labels."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Literal

import msgspec
import yaml


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The official Chinese term and the English word for it."""

    zh: str
    en: str


class Measure(Label, frozen=True, forbid_unknown_fields=True):
    """A measure: its terms, and whether it is money, a count, a percentage or a score."""

    unit_kind: Literal["money", "count", "percent", "score"]


class MeasureCatalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of `measures.yaml`."""

    measures: dict[str, Measure]
    fund_sources: dict[str, Label]
    natures: dict[str, Label]
    stages: dict[str, Label]
    scopes: dict[str, Label]


@functools.cache
def measure_catalogue() -> MeasureCatalogue:
    """The catalogue as shipped.

    Raises:
        msgspec.ValidationError: naming the field, if the YAML does not have the declared form.
    """
    text = (Path(__file__).parent / "measures.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), MeasureCatalogue)
