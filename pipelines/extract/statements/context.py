"""What the text has talked about so far: headings, the subject, the whole it is part of, the base of comparison.

No numbers here; `reader` asks and tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from pipelines.catalogue.statements import Grammar, Subject

HEADING_LENGTH = 60
EXPENDITURE = "expenditure"
"""The one measure that is told apart by nature and budget subject."""
_FISCAL = "fiscal"
_LEAD_IN = re.compile(r"^(?:其中|包括|用于)")
_YEAR = re.compile(r"(\d{4})年")


class Frame(msgspec.Struct, frozen=True):
    """What a number is about."""

    measure: str
    units: frozenset[str]
    fund: str = ""
    nature: str = ""
    stage: str = ""
    breakdown: str = ""
    label: str = ""
    code: str = ""

    @property
    def is_money(self) -> bool:
        return "万元" in self.units

    def part(self, key: str) -> str:
        """The value of one key=value of the breakdown, empty if it has none."""
        return _part(self.breakdown, key)


class Mention(NamedTuple):
    """A subject named in the text."""

    start: int
    end: int
    subject: Subject
    match: re.Match[str]


class Base(NamedTuple):
    """What a change is compared with."""

    name: str
    year: int | None


class Heading(NamedTuple):
    """What a heading says about the paragraphs below it."""

    frame: Frame | None
    fund: str


class Context:
    """The state that sentences leave for those after them."""

    def __init__(self, grammar: Grammar, fiscal_year: int | None, kind: str) -> None:
        self.grammar = grammar
        self.fiscal_year = fiscal_year
        self.kind = kind
        self.section = 0
        self.subject: Frame | None = None
        self.whole: Frame | None = None
        self.base: Base | None = None
        self._headings: dict[int, Heading] = {}
        self._whole_is_near = False
        self._lei = ""
        self._brackets: list[Frame | None] = []
        self._organisation = ""
        self._types: set[str] = set()
        self._as_of: int | None = None
        """The year the text under a heading counts at: 截至2025年12月31日."""
        self._lost = False
        self.in_lost_parts = False
        """Whether the text lists the parts of an amount that was not understood."""

    # --- paragraphs, headings, sentences --------------------------------------------------------------------------

    def enumerator(self, text: str) -> tuple[int | None, int]:
        """Level of the heading enumerator the text opens with, and where the words begin."""
        for level, pattern in enumerate(self.grammar.headings):
            if found := pattern.match(text):
                return level, found.end()
        return None, 0

    def open_paragraph(self, level: int | None, text: str) -> None:
        """Drop what does not hold beyond a paragraph, and the headings this one ends."""
        self._brackets.clear()
        self._whole_is_near = False
        if level is None and self.grammar.title.fullmatch(text):
            level = 0
        if level is not None:
            self._as_of = None
            for deeper in [k for k in self._headings if k >= level]:
                del self._headings[deeper]
            if level <= 1:
                self.section += 1
                self.whole = None
                self._lei = ""
        if not self.grammar.goes_on.match(text):
            self.subject = next(self._heading_frames(), None)
            self.base = None

    def open_sentence(self) -> None:
        """Drop what does not hold beyond a sentence."""
        self._organisation = ""
        self._types.clear()
        self._lost = self.in_lost_parts = False

    def note_heading(self, text: str, level: int | None, body: int, mentions: Sequence[Mention]) -> None:
        """A sentence without numbers may name the subject of those after it."""
        frame = None
        for mention in mentions:
            words = text[body : mention.start] + text[mention.end :]
            if self.grammar.heading_words.fullmatch(words) and self._may_follow(mention):
                frame = self.frame(mention)
                self.subject = frame
                break
        if level is not None:
            fund = self.grammar.named_fund.search(text)
            self._headings[level] = Heading(frame, self.grammar.funds[fund["fund"]] if fund else "")
        self.note_parts(text, 0, len(text), mentions)

    def _heading_frames(self) -> Iterator[Frame]:
        """What the headings above are about, the nearest first."""
        return (heading.frame for _, heading in sorted(self._headings.items(), reverse=True) if heading.frame)

    # --- subjects -------------------------------------------------------------------------------------------------

    def mentions(self, text: str) -> list[Mention]:
        """All subjects named in the text, by place, longer ones first; they may overlap."""
        found = [
            Mention(match.start(), match.end(), subject, match)
            for subject in self.grammar.subjects
            if subject.rule.only in (None, self.kind)
            for match in subject.pattern.finditer(text)
            if not self.grammar.each.search(text, 0, match.start())
        ]
        found.sort(key=lambda m: (m.start, -m.end))
        return found

    def mention_before(
        self, mentions: Sequence[Mention], text: str, start: int, end: int, unit: str | None = None
    ) -> Mention | None:
        """The subject whose end lies behind `start` and from which mere fillers lead to `end`.

        The first such: in 政府采购支出总额 the subject is 政府采购, the rest adds nothing. At one place the longest.
        """
        for mention in mentions:
            near = start < mention.end <= end and (unit is None or unit in mention.subject.units)
            if near and self._may_follow(mention) and self._says_nothing(text[mention.end : end]):
                return mention
        return None

    def about(self, text: str, clause: int, end: int, mentions: Sequence[Mention]) -> Frame | None:
        """What a change or share is of: the subject of its clause, or the one before if the clause names nothing."""
        based = [found.span() for found in self.grammar.base.finditer(text, clause, end)]
        apart = [m for m in mentions if not any(a <= m.start < b for a, b in based)]
        if mention := self.mention_before(apart, text, clause, end):
            return self.frame(mention)
        return self.subject if self._says_nothing(text[clause:end]) else None

    def _may_follow(self, mention: Mention) -> bool:
        continues = mention.subject.rule.continues
        return not continues or (self.subject is not None and self.subject.measure in continues)

    def _says_nothing(self, words: str) -> bool:
        """Whether the words are fillers and bases of comparison only."""
        return self.grammar.filler.fullmatch(self.grammar.base.sub("", words)) is not None

    def frame(self, mention: Mention) -> Frame:
        """What the mention means here."""
        rule, groups = mention.subject.rule, mention.match.groupdict()
        fund = rule.fund or self.grammar.funds.get(groups.get("fund") or "", "")
        measure = rule.by_fund.get(fund, rule.measure)
        nature = rule.nature
        breakdown = rule.breakdown.format(**groups) if rule.breakdown else ""
        if rule.continues and self.subject:
            measure = measure or self.subject.measure
            breakdown = _carried(breakdown, self.subject.breakdown)
        label, code = self._budget_subject(groups)
        if measure == EXPENDITURE:
            if nature and not label and self.whole and self._whole_is_near:
                label, code = self.whole.label, self.whole.code  # 具体为：人员经费…: the part of that subject
            if not nature:
                nature = (self._heading_nature() if label else "") or "total"
        return Frame(measure, mention.subject.units, fund, nature, rule.stage, breakdown, label, code)

    def _budget_subject(self, groups: dict[str, str | None]) -> tuple[str, str]:
        """类/款/项 and printed code; a missing 类 comes from the heading or the item above."""
        if name := groups.get("name"):
            return _LEAD_IN.sub("", name), groups.get("code") or ""
        names = [_LEAD_IN.sub("", groups.get(key) or "") for key in ("lei", "kuan", "xiang")]
        if not any(names):
            return "", ""
        if names[0]:
            self._lei = names[0]
        else:
            labels = (frame.label for frame in self._heading_frames() if frame.label)
            names[0] = next(labels, self._lei).split("/")[0]
        code = "".join(groups.get(key) or "" for key in ("code1", "code2", "code3"))
        return "/".join(filter(None, names)), code

    def _heading_nature(self) -> str:
        return next((frame.nature for frame in self._heading_frames() if frame.measure == EXPENDITURE), "")

    def in_unit(self, text: str, clause: int, mention: Mention) -> Frame:
        """The mention's meaning, with the organisation a headcount is of, and its type where only one was given."""
        frame = self.frame(mention)
        if not mention.subject.rule.of_unit:
            return frame
        if named := self.grammar.organisation.search(text, clause, mention.start):
            self._organisation = named[0]
            self._types.clear()
        kind = frame.part("type") or (next(iter(self._types)) if len(self._types) == 1 else "")
        self._types.add(kind)
        parts = [f"type={kind}" if kind else "", f"unit={self._organisation}" if self._organisation else ""]
        return msgspec.structs.replace(frame, breakdown=";".join(filter(None, parts)))

    def with_fund_behind(self, frame: Frame, words: str) -> Frame:
        """委托业务费财政拨款预算: the fund named behind a subject that has none of its own."""
        named = self.grammar.named_fund.search(words)
        if frame.fund or not named or not frame.is_money or frame.measure in self.grammar.default_fund:
            return frame
        return msgspec.structs.replace(frame, fund=self.grammar.funds[named["fund"]])

    # --- what holds on --------------------------------------------------------------------------------------------

    def note_brackets(self, text: str) -> None:
        """What is said in brackets does not change the subject outside."""
        for char in text:
            if char == "（":
                self._brackets.append(self.subject)
            elif char == "）" and self._brackets:
                self.subject = self._brackets.pop()

    def note_parts(self, text: str, behind: int, end: int, mentions: Sequence[Mention]) -> None:
        """其中 makes the subject named right before it, else the one so far, the whole of what follows."""
        for found in self.grammar.parts.finditer(text, behind, end):
            mention = self.mention_before(mentions, text, behind, found.start())
            whole = self.frame(mention) if mention else self.subject
            self.whole = self._with_fund(whole) if whole else None
            self._whole_is_near = True
            self._lost = self._lost and self.whole is None
            self.in_lost_parts = self._lost

    def _with_fund(self, part: Frame) -> Frame:
        """A part that has parts of its own, with the fund of the whole it is part of.

        Of the same measure or, as the three public expenses, of measures of one kind; else it is no part of it.
        """
        if part.fund or self.whole is None:
            return part
        kind, kind_of_whole = (self.grammar.default_fund.get(frame.measure, "all") for frame in (part, self.whole))
        is_part = part.measure == self.whole.measure or kind == kind_of_whole != "all"
        return msgspec.structs.replace(part, fund=self.whole.fund) if is_part else part

    def lose(self) -> None:
        """An amount was not understood: what follows may be about it, so nothing said before holds on.

        But that the parts being listed (具体为：…；…) are those of a budget subject: else the next part would be read
        as that of the whole account.
        """
        self.subject = None
        if not (self._whole_is_near and self.whole and self.whole.label):
            self.whole = None
        self._lost = True

    def note_base(self, text: str, behind: int, start: int) -> Base | None:
        """What the words between compare with, None if with nothing; it holds until another is named."""
        named = None
        for found in self.grammar.base.finditer(text, behind, start):
            named = self.base = self.base_of(found)
        return named

    def base_of(self, found: re.Match[str]) -> Base:
        """The base that a match of the grammar's base pattern names."""
        if own := found["own"]:
            named = next(base for base, words in self.grammar.base_own if words.search(own))
            return Base(named, self.fiscal_year)
        name = next((base for base, words in self.grammar.base_what if words.search(found["what"])), None)
        year = int(found["year"][:4]) if found["year"][0].isdigit() else None
        if year is None and self.fiscal_year is not None:
            year = self.fiscal_year - 1
        return Base(name or self.bare_base, year)

    @property
    def bare_base(self) -> str:
        """What this kind of document compares with where it does not say."""
        return self.grammar.bare_base.get(self.kind, "")

    def stage(self, words: str) -> str:
        """The stage the words tell, empty if none."""
        for pattern, rule in self.grammar.stages:
            if (rule.only is None or rule.only == self.kind) and pattern.search(words):
                return rule.stage
        return ""

    def fund(self, frame: Frame) -> str:
        """The fund of a figure: named with it, in a heading, with the whole, or the one its measure has."""
        headings = [heading.fund for _, heading in sorted(self._headings.items(), reverse=True) if heading.fund]
        # 财政拨款 in a heading below one of 一般公共预算 is short for that.
        named = next((fund for fund in headings if fund != _FISCAL), headings[0] if headings else "")
        whole = self.whole.fund if self.whole else ""
        return frame.fund or named or whole or self.grammar.default_fund.get(frame.measure, "all")

    def year(self, text: str, start: int, is_count: bool = False) -> int | None:
        """The last year named before `start`, bases of comparison aside, else the document's.

        What is counted is counted at the day named under the heading (截至2025年12月31日), in later sentences too,
        until one names a year or the year itself (当年).
        """
        year = self._named_year(text, start)
        if is_count and year:
            self._as_of = year if self.grammar.as_of.search(text, 0, start) else None
        return year or (self._as_of if is_count else None) or self.fiscal_year

    def _named_year(self, text: str, start: int) -> int | None:
        if self.grammar.prior_year.search(text, 0, start) and self.fiscal_year:
            return self.fiscal_year - 1
        based = [found.span() for found in self.grammar.base.finditer(text, 0, start)]
        years = [int(m[1]) for m in _YEAR.finditer(text, 0, start) if not any(a <= m.start() < b for a, b in based)]
        # Laws and plans are quoted with their years: only those next to the document's can be a figure's.
        near = [year for year in years if self.fiscal_year is None or abs(year - self.fiscal_year) <= 1]
        if not near and self.grammar.this_year.search(text, 0, start):
            return self.fiscal_year
        return near[-1] if near else None


def _part(breakdown: str, key: str) -> str:
    return dict(part.split("=", 1) for part in breakdown.split(";") if part).get(key, "")


def _carried(breakdown: str, before: str) -> str:
    """The breakdown with type= and unit= of the one before, where it has none of its own."""
    kept = [f"{key}={part}" for key in ("type", "unit") if not _part(breakdown, key) and (part := _part(before, key))]
    return ";".join(filter(None, [breakdown, *kept]))
