"""Loads `statements.yaml`: the grammar of figures stated in running text, its patterns compiled once."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import yaml

Words = list[str]


class BaseRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the text names what a change is compared with."""

    pattern: str
    what: dict[str, str]
    own: dict[str, str]
    bare: dict[str, str]


class StageRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stage and the words that tell it; `only` limits it to budgets or final accounts."""

    words: str
    stage: str
    only: str | None = None


class DirectionWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that sign a change."""

    up: Words
    down: Words
    same: Words
    doubt: str
    tail: str
    not_before: str


class ComparisonRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that say which of two amounts is larger."""

    direction: str
    words: str


class ListRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that open a list of names, and the natures of expenditure that such lists are of."""

    words: str
    of: Words


class RoleRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words before a number that make it an execution rate or a share."""

    kind: str
    unit: str
    words: str


class SubjectRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A noun phrase that names a measure."""

    pattern: str
    measure: str = ""
    unit: str | Words = "money"
    fund: str = ""
    by_fund: dict[str, str] = {}
    nature: str = ""
    stage: str = ""
    breakdown: str = ""
    of_unit: bool = False
    continues: Words = []
    only: str | None = None
    """The kind of document, budget or final, that uses the words so."""


class CountRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number that stands before its noun."""

    measure: str
    unit: str | Words
    before: str
    after: str
    breakdown: str = ""
    in_reason: bool = False


class SequelRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number whose subject follows from the statement before it."""

    after: Words
    unit: str | Words
    words: str
    measure: str
    breakdown: str = ""
    keep: bool = False
    aside: bool = False


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of `statements.yaml`, which explains each entry."""

    macros: dict[str, str]
    units: dict[str, Words]
    funds: dict[str, str]
    base: BaseRule
    prior_year: str
    as_of: str
    this_year: str
    each: str
    filler: str
    stage_filler: str
    stages: list[StageRule]
    default_stage: dict[str, str]
    reasons: str
    reason_points: str
    directions: DirectionWords
    comparisons: list[ComparisonRule]
    lists: ListRule
    part_title: str
    roles: list[RoleRule]
    headings: Words
    title: str
    heading_words: str
    goes_on: str
    parts: str
    organisation: str
    default_fund: dict[str, Words]
    subjects: list[SubjectRule]
    counts: list[CountRule]
    sequels: list[SequelRule]


class Subject(msgspec.Struct, frozen=True):
    """A subject rule with its pattern compiled and its units listed."""

    rule: SubjectRule
    pattern: re.Pattern[str]
    units: frozenset[str]


class Role(msgspec.Struct, frozen=True):
    """A role rule, its pattern anchored at the number."""

    rule: RoleRule
    pattern: re.Pattern[str]


class Count(msgspec.Struct, frozen=True):
    """A count rule compiled."""

    rule: CountRule
    before: re.Pattern[str]
    after: re.Pattern[str]
    units: frozenset[str]


class Sequel(msgspec.Struct, frozen=True):
    """A sequel rule compiled."""

    rule: SequelRule
    words: re.Pattern[str]
    units: frozenset[str]


class Grammar(msgspec.Struct, frozen=True):
    """The compiled grammar."""

    unit_class: Mapping[str, str]
    """Printed unit -> class."""
    amount: re.Pattern[str]
    """A number and its unit (groups number, unit), a 0 without unit (其他用车为0), a word for no change (group same)
    or what looks like an amount but is none, as 1,541.50.00万元 (group garbled)."""
    funds: Mapping[str, str]
    base: re.Pattern[str]
    base_what: Sequence[tuple[str, re.Pattern[str]]]
    base_own: Sequence[tuple[str, re.Pattern[str]]]
    bare_base: Mapping[str, str]
    prior_year: re.Pattern[str]
    as_of: re.Pattern[str]
    this_year: re.Pattern[str]
    each: re.Pattern[str]
    """Ends right before a subject."""
    filler: re.Pattern[str]
    """Matches words that change nothing, years included."""
    stage_filler: re.Pattern[str]
    stages: Sequence[tuple[re.Pattern[str], StageRule]]
    default_stage: Mapping[str, str]
    reasons: re.Pattern[str]
    reason_points: re.Pattern[str]
    direction: re.Pattern[str]
    """Groups up or down, and doubt; ends at the number."""
    changes: re.Pattern[str]
    """A direction word, matched where a clause goes on."""
    not_same: re.Pattern[str]
    comparisons: Sequence[tuple[str, re.Pattern[str]]]
    """Direction and words, with groups word, spent and budget."""
    lists: re.Pattern[str]
    """Group names."""
    lists_of: frozenset[str]
    name: re.Pattern[str]
    """A subject name by itself."""
    part_title: re.Pattern[str]
    roles: Sequence[Role]
    headings: Sequence[re.Pattern[str]]
    """Enumerators, highest level first."""
    title: re.Pattern[str]
    heading_words: re.Pattern[str]
    named_fund: re.Pattern[str]
    goes_on: re.Pattern[str]
    parts: re.Pattern[str]
    organisation: re.Pattern[str]
    default_fund: Mapping[str, str]
    subjects: Sequence[Subject]
    counts: Sequence[Count]
    sequels: Sequence[Sequel]


YEAR = r"\d{4}年(?:度|初|末)?"
NUMBER = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"

_BARE_ZERO = "(?<=为0)(?=[，。；、（）]|$)"


@functools.cache
def load_grammar() -> Grammar:
    """The grammar of `statements.yaml` beside this module, read and compiled once.

    Raises:
        msgspec.ValidationError: if the file has an unknown or missing entry.
        re.error: if a pattern is no regular expression.
    """
    content: Any = yaml.safe_load(Path(__file__).with_name("statements.yaml").read_text("utf-8"))
    return compile_grammar(content)


def compile_grammar(content: Any) -> Grammar:
    """Check and compile the content of a grammar file (see `load_grammar` for what is raised)."""
    file = msgspec.convert(content, _File)
    words = file.directions
    unit_class = {unit: kind for kind, units in file.units.items() for unit in units}

    def expand(pattern: str) -> re.Pattern[str]:
        return re.compile(_expanded(pattern, file.macros))

    def units(unit: str | Words) -> frozenset[str]:
        return frozenset(file.units[unit] if isinstance(unit, str) else unit)

    return Grammar(
        unit_class=unit_class,
        amount=re.compile(
            rf"(?<![\d.,A-Za-z-])(?P<number>{NUMBER})(?:(?P<unit>{_any_of(unit_class)})|{_BARE_ZERO})|(?P<same>{_any_of(words.same)})"
            rf"|(?P<garbled>\d[\d.,]*(?:{_any_of(file.units['money'])}))"
        ),
        funds=file.funds,
        base=expand(file.base.pattern),
        base_what=[(base, re.compile(pattern)) for base, pattern in file.base.what.items()],
        base_own=[(base, re.compile(pattern)) for base, pattern in file.base.own.items()],
        bare_base=file.base.bare,
        prior_year=re.compile(file.prior_year),
        as_of=re.compile(file.as_of),
        this_year=re.compile(file.this_year),
        each=re.compile(f"{file.each}$"),
        filler=re.compile(rf"(?:{file.filler}|{YEAR})*"),
        stage_filler=re.compile(rf"(?:{file.stage_filler}|{YEAR})*"),
        stages=[(re.compile(stage.words), stage) for stage in file.stages],
        default_stage=file.default_stage,
        reasons=expand(file.reasons),
        reason_points=re.compile(file.reason_points),
        direction=re.compile(
            rf"(?:(?P<up>{_any_of(words.up)})|(?P<down>{_any_of(words.down)}))(?P<doubt>{words.doubt})?{words.tail}$"
        ),
        changes=re.compile(rf"，?(?:{_any_of(words.up + words.down)})"),
        not_same=re.compile(rf"(?:{words.not_before})$"),
        comparisons=[(rule.direction, expand(rule.words)) for rule in file.comparisons],
        lists=expand(file.lists.words),
        lists_of=frozenset(file.lists.of),
        name=expand("{NAME}"),
        part_title=re.compile(file.part_title),
        roles=[Role(rule, re.compile(rf"(?:{rule.words})$")) for rule in file.roles],
        headings=[re.compile(pattern) for pattern in file.headings],
        title=re.compile(file.title),
        heading_words=re.compile(rf"(?:{file.filler}|{YEAR}|{file.heading_words})*"),
        named_fund=expand("{FUND}"),
        goes_on=re.compile(file.goes_on),
        parts=expand(file.parts),
        organisation=expand(file.organisation),
        default_fund={measure: fund for fund, measures in file.default_fund.items() for measure in measures},
        subjects=[Subject(rule, expand(rule.pattern), units(rule.unit)) for rule in file.subjects],
        counts=[Count(rule, expand(rule.before), expand(rule.after), units(rule.unit)) for rule in file.counts],
        sequels=[Sequel(rule, expand(rule.words), units(rule.unit)) for rule in file.sequels],
    )


def _any_of(words: Mapping[str, str] | Words) -> str:
    """An alternation, longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _expanded(pattern: str, macros: Mapping[str, str]) -> str:
    """The pattern with each {MACRO} replaced, optional ones as a whole."""
    while re.search(r"\{[A-Z]+\}", pattern):
        pattern = re.sub(r"\{([A-Z]+)\}", lambda found: f"(?:{macros[found[1]]})", pattern)
    return pattern
