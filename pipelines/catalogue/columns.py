"""Loads `columns.yaml`: what header words and row labels of the official tables mean."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Literal

import msgspec
import yaml

Side = Literal["in", "out"]
Section = Literal["current", "opening", "closing"]
Rows = Literal["functional", "economic", "balance", "words", "totals", "none"]


class Axes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a word says about a figure; None where it says nothing."""

    measure_id: str | None = None
    fund_source: str | None = None
    nature: str | None = None
    stage: str | None = None
    statement_kind: str | None = None
    base: str | None = None

    def refined_by(self, later: Axes) -> Axes:
        """These axes with those that `later` names taken from it."""
        return msgspec.structs.replace(self, **msgspec.to_builtins(later))


class TitleWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a printed title says about all the figures of its table."""

    match: str
    axes: Axes


class TableMeaning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a table is about before its headers are read, and what its rows are."""

    rows: Rows
    side: Side | None = None
    axes: Axes = Axes()
    titles: list[TitleWord] = []


class StageWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An ending of header words that names the stage."""

    match: str
    stage: str


class HeaderWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one level of a header means."""

    match: str
    axes: Axes = Axes()
    in_tables: str = ".*"
    under: str = ""
    side: Side | None = None
    to: Side | None = None
    money: bool = True


class BalanceWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an item of an income and expenditure total means, and the section that begins with it."""

    match: str
    side: Side
    axes: Axes = Axes()
    section: Section | None = None
    in_section: Section | None = None


class ColumnCatalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of `columns.yaml`."""

    tables: dict[str, TableMeaning]
    preferred: list[str]
    stages: list[StageWord]
    header: list[HeaderWord]
    balance: list[BalanceWord]
    totals: str
    implied: dict[str, Axes]

    def header_word(self, word: str, table_id: str, above: str, side: Side | None) -> HeaderWord | None:
        """The rule for one canonical header word below the levels `above`, None if no rule knows it."""
        for rule in self.header:
            if (
                (rule.side is None or rule.side == side)
                and re.fullmatch(rule.match, word)
                and re.fullmatch(rule.in_tables, table_id)
                and (not rule.under or re.search(rule.under, above))
            ):
                return rule
        return None

    def balance_word(self, label: str, side: Side, section: Section) -> BalanceWord | None:
        """The rule for one item of an income and expenditure total, None if no rule knows it."""
        for rule in self.balance:
            if (
                rule.side == side
                and (rule.in_section is None or rule.in_section == section)
                and re.fullmatch(rule.match, label)
            ):
                return rule
        return None

    def is_total(self, label: str) -> bool:
        """Whether a canonical row label means all rows together."""
        return re.fullmatch(self.totals, label) is not None


@functools.cache
def column_catalogue() -> ColumnCatalogue:
    """The catalogue as shipped.

    Raises:
        msgspec.ValidationError: naming the field, if the YAML does not have the declared form.
    """
    text = (Path(__file__).parent / "columns.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), ColumnCatalogue)
