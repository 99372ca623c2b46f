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
Rows = Literal[
    "functional", "department_economic", "government_economic", "balance", "words", "projects", "items", "none"
]
Listed = Literal["functional", "department_economic", "government_economic", "natures", "units", "units_and_projects"]


class Axes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a word says about a figure; None where it says nothing. `breakdown` is 'name=value', joined by ';'."""

    measure_id: str | None = None
    fund_source: str | None = None
    nature: str | None = None
    stage: str | None = None
    statement_kind: str | None = None
    base: str | None = None
    breakdown: str | None = None

    def refined_by(self, later: Axes) -> Axes:
        """These axes with those that `later` names taken from it; breakdowns of other names stay."""
        axes = msgspec.structs.replace(self, **msgspec.to_builtins(later))
        if self.breakdown and later.breakdown:
            parts = dict(part.split("=", 1) for part in f"{self.breakdown};{later.breakdown}".split(";"))
            return msgspec.structs.replace(axes, breakdown=";".join(f"{k}={v}" for k, v in parts.items()))
        return axes


NOTHING = Axes()


class TitleWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a printed title says about all the figures of its table."""

    match: str
    axes: Axes


class TableMeaning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a table is about before its headers are read, and what its rows are."""

    rows: Rows
    side: Side | None = None
    axes: Axes = NOTHING
    titles: list[TitleWord] = []
    with_carry_over: str | None = None
    """The measure of an unnamed total in a table that also has a column of balances carried over."""


class LabelHeading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the header above row labels says they are."""

    match: str
    lists: Listed


class StageWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An ending of header words that names the stage."""

    match: str
    stage: str


class HeaderWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one level of a header means."""

    match: str
    axes: Axes = NOTHING
    in_tables: str = ".*"
    under: str = ""
    side: Side | None = None
    to: Side | None = None
    money: bool = True


class BalanceWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an item of an income and expenditure total means, and the section that begins with it."""

    match: str
    side: Side
    axes: Axes = NOTHING
    section: Section | None = None
    in_section: Section | None = None
    with_total: bool | None = None
    """Whether the panel must have (or must not have) a row 总计 of its own."""
    whole: bool = False
    """Whether the rule holds only for a row that is no part (其中) of another."""


class RowHeading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row whose meaning holds for the rows below it in its panel, until the next such row or a total."""

    match: str
    axes: Axes
    in_tables: str = ".*"


class ColumnCatalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of `columns.yaml`."""

    tables: dict[str, TableMeaning]
    preferred: list[str]
    labels: list[LabelHeading]
    stages: list[StageWord]
    header: list[HeaderWord]
    balance: list[BalanceWord]
    row_headings: list[RowHeading]
    totals: str
    grand_totals: str
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

    def balance_word(self, label: str, side: Side, section: Section, with_total: bool) -> BalanceWord | None:
        """The rule for one item of an income and expenditure total, None if no rule knows it."""
        for rule in self.balance:
            if (
                rule.side == side
                and rule.with_total in (None, with_total)
                and (rule.in_section is None or rule.in_section == section)
                and re.fullmatch(rule.match, label)
            ):
                return rule
        return None

    def row_heading(self, label: str, table_id: str) -> RowHeading | None:
        """The rule for a row whose meaning holds for the rows below it, None for any other row."""
        for rule in self.row_headings:
            if re.fullmatch(rule.match, label) and re.fullmatch(rule.in_tables, table_id):
                return rule
        return None

    def listed(self, heading: str) -> Listed | None:
        """What the rows below a canonical label header are, None where it does not say."""
        return next((rule.lists for rule in self.labels if re.fullmatch(rule.match, heading)), None)

    def is_total(self, label: str) -> bool:
        """Whether a canonical row label means all rows together."""
        return re.fullmatch(self.totals, label) is not None

    def is_grand_total(self, label: str) -> bool:
        """Whether a canonical row label is the last total of one side of an income and expenditure total."""
        return re.fullmatch(self.grand_totals, label) is not None


@functools.cache
def column_catalogue() -> ColumnCatalogue:
    """The catalogue as shipped.

    Raises:
        msgspec.ValidationError: naming the field, if the YAML does not have the declared form.
    """
    text = (Path(__file__).parent / "columns.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), ColumnCatalogue)
