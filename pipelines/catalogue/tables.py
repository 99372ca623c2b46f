"""Loads `tables.yaml`: the official tables, how their titles are told, and what header words say of a column."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Annotated

import msgspec
import yaml

from pipelines.words import canonical

Words = list[str]


class TableRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One official table and the words that tell its title."""

    id: str
    zh: str
    all: Words
    none: Words = []
    header: str | None = None
    """Header words that name the table where it has no title of its own."""
    fund: str | None = None
    account: bool = True
    """False for tables that print no accounts (performance targets, asset lists)."""

    def fits(self, title: str) -> bool:
        """Whether the canonical title carries this table's words."""
        return all(re.search(w, title) for w in self.all) and not any(re.search(w, title) for w in self.none)

    def score(self, title: str) -> float:
        """How near the title comes to this table: the share of its required words present."""
        return sum(bool(re.search(w, title)) for w in self.all) / len(self.all)


class TitleRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a line must look like to be a table title."""

    must_match: str
    must_not_match: str
    max_length: Annotated[int, msgspec.Meta(gt=0)]


class ColumnWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Header words that tell what a column holds; any other column holds values."""

    unit: str
    ordinal: str
    code: str
    note: str
    label: str


class UnruledWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Header words by which a table without rulings is told from text."""

    amount: str
    any: str


class NoteWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What tells a note that speaks of its whole table."""

    begins: str
    of_table: str
    of_part: str
    none: str
    on_condition: str


class EmptyListWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Header words of a list of tables that says which are empty, and what it says of them."""

    title: str
    empty: str
    said: str


class TableCatalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of `tables.yaml`."""

    tables: list[TableRule]
    title: TitleRule
    unit_pattern: str
    declared_empty: str
    notes: NoteWords
    empty_list: EmptyListWords
    budget_notes: list[tuple[str, str]]
    columns: ColumnWords
    spaced_words: Words
    unruled: UnruledWords
    code_kinds: list[tuple[str, str]]
    count_columns: list[tuple[str, str]]
    column_number_row: str

    def identify(self, title: str, header: str = "") -> TableRule | None:
        """The official table a printed title names, or for an untitled one its header words; None if none."""
        if title:
            key = canonical(title)
            return next((rule for rule in self.tables if rule.fits(key)), None)
        return next((rule for rule in self.tables if rule.header and re.search(rule.header, header)), None)

    def candidates(self, title: str, limit: int = 3) -> list[str]:
        """The ids of the tables that come nearest to a title that names none."""
        key = canonical(title)
        scored = [(rule.score(key), rule.id) for rule in self.tables]
        return [rule_id for score, rule_id in sorted(scored, key=lambda s: -s[0]) if score > 0][:limit]

    def is_title(self, text: str) -> bool:
        """Whether a line looks like a table title."""
        key = canonical(text)
        return (
            0 < len(key) <= self.title.max_length
            and re.search(self.title.must_match, key) is not None
            and re.search(self.title.must_not_match, key) is None
        )

    def unit_in(self, text: str) -> str | None:
        """The unit a line such as '单位：万元' names."""
        found = re.search(self.unit_pattern, canonical(text))
        return found.group(1) if found else None

    def budget_in(self, note: str) -> str | None:
        """The stage that 预算数 means in a table with this note, None where the note does not say."""
        key = canonical(note)
        return next((stage for pattern, stage in self.budget_notes if re.search(pattern, key)), None)

    def code_kind(self, header: str) -> str:
        """Which code list a column with this canonical header path holds, '' where the words do not say."""
        return next((kind for kind, pattern in self.code_kinds if re.search(pattern, header)), "")

    def count_unit(self, words: str) -> str | None:
        """The unit of a column of counts ('' where it has none), None if its words name no count."""
        return next((unit for unit, pattern in self.count_columns if re.search(pattern, words)), None)

    def is_empty_note(self, text: str) -> bool:
        """Whether a note declares its table empty."""
        return re.search(self.declared_empty, canonical(text)) is not None

    def is_note(self, text: str) -> bool:
        """Whether a line begins as a note to a table does."""
        return re.search(self.notes.begins, canonical(text)) is not None

    def denies(self, text: str, rule: TableRule | None) -> bool:
        """Whether a note says of the whole table `rule`, None for an unknown one, that nothing is in it."""
        key = canonical(text)
        lacking = re.findall(self.notes.none, key)
        of_rule = rule is not None and any(rule.fits(what) for what in lacking)
        whole = (of_rule and not re.search(self.notes.of_part, key)) or re.search(self.notes.of_table, key) is not None
        return whole and self.is_empty_note(text) and not re.search(self.notes.on_condition, key)


@functools.cache
def table_catalogue() -> TableCatalogue:
    """The catalogue as shipped.

    Raises:
        msgspec.ValidationError: naming the field, if the YAML does not have the declared form.
    """
    text = (Path(__file__).parent / "tables.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), TableCatalogue)
