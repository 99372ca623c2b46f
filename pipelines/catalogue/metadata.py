"""Loads `metadata.yaml`: the words that tell whose account a document is, of which year and kind."""

from __future__ import annotations

import functools
from pathlib import Path

import msgspec
import yaml

Words = list[str]


class TitleWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The parts of a title such as 2023年度部门综合决算公开说明, and what makes a line no title."""

    level: Words
    department: Words
    unit: Words
    filler: Words
    budget: Words
    final: Words
    tail: Words
    not_title: Words
    not_account: Words


class ByScope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that go with a whole department, and with one unit."""

    department: Words
    unit: Words


class OwnWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an account calls its own body in running text."""

    department: str
    unit: str


class BodyWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Endings of names: `strict` for running text, `loose` where a name is expected."""

    strict: Words
    loose: Words


class RegionWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How regions are printed at the start of names."""

    provinces: Words
    city: str
    county: str
    before: Words
    central: Words
    central_name: str


class MetadataWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of `metadata.yaml`, which explains each entry."""

    title: TitleWords
    heading: str
    heading_words: Words
    labels: ByScope
    label_end: Words
    name_prefixes: Words
    name_suffixes: Words
    head_suffixes: Words
    bodies: BodyWords
    not_bodies: Words
    short_forms: dict[str, str]
    clause_cues: Words
    year_cues: Words
    year_not_after: str
    own_words: OwnWords
    placeholders: Words
    placeholder_amounts: str
    printed_amounts: str
    performance: str
    regions: RegionWords
    other_documents: dict[str, str]


def either(words: Words) -> str:
    """A regular expression that matches any of the words, longer ones first."""
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


@functools.cache
def metadata_words() -> MetadataWords:
    """The words as shipped.

    Raises:
        msgspec.ValidationError: naming the field, if the YAML does not have the declared form.
    """
    text = (Path(__file__).parent / "metadata.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), MetadataWords)
