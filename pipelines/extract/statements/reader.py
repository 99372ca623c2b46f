"""Understands the numbers of a sentence one after the other, by the words around them and the context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from pipelines.catalogue.statements import Grammar
from pipelines.extract.pages.model import Box
from pipelines.extract.statements.arithmetic import base_of
from pipelines.extract.statements.context import HEADING_LENGTH, Context, Frame, Mention
from pipelines.extract.statements.sentences import Sentence
from pipelines.extract.statements.statement import Statement

# One character for one, so that places in the text stay.
_FULL_WIDTH = str.maketrans("(〔[)〕]％:;０１２３４５６７８９．", "（（（）））%：；0123456789.")
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")
_THRESHOLD = re.compile(r"(?:（含）)?以[上下内]")
_CONJUNCTION = re.compile(r"、|和|及|与|以及")
_COMPARES = re.compile(r"[与同比较]")
_STAGE_OF_BASE = {
    "prior_budget": "initial_budget", "prior_execution": "execution", "prior_final": "final",
    "initial_budget": "initial_budget", "adjusted_budget": "adjusted_budget", "budget": "adjusted_budget",
}  # fmt: skip
_PLANNED = re.compile("(?:(?:年初|全年|调整)(?:部门|单位)?|部门|单位)预算安排的?$")
"""年初预算安排机关运行经费135万元: the stage stands before the subject."""
_OF_ANY_FUND = ("performance_project_amount",)
"""Measures of money from any fund: a share of gpb expenditure is a share of their gpb part."""
_OWN_BASES = ("initial_budget", "adjusted_budget", "budget")
"""This year's budget: an amount equal to it has not changed."""
_BUDGET_WORDS = {"年初": "initial_budget", "调整": "adjusted_budget", "全年": "adjusted_budget"}


class _Meaning(NamedTuple):
    """A number understood: its kind, what it is about, and what the words say beside that."""

    kind: str
    frame: Frame
    start: int
    """Where value_text starts: at the direction word, else at the number."""
    sign: int = 1
    base: str = ""
    stage: str = ""
    year: int | None = None
    unit: str = ""
    """Of a number that prints none."""
    whole_is_guessed: bool = False


class _Number(NamedTuple):
    """A number in its sentence."""

    text: str
    mentions: Sequence[Mention]
    behind: int
    """End of the number before."""
    clause: int
    """Start of the clause it stands in, not before `behind`."""
    amount: re.Match[str]

    @property
    def start(self) -> int:
        return self.amount.start()

    @property
    def unit(self) -> str:
        """As printed; empty for a bare 0 and for a word."""
        return self.amount["unit"] or ""

    @property
    def magnitude(self) -> Decimal:
        return Decimal(self.amount["number"].replace(",", ""))


_TITLE = Frame("", frozenset())


class _Words(NamedTuple):
    """Words that compare two amounts, or, without a direction, that list the names of parts."""

    start: int
    direction: str
    match: re.Match[str]


class Reader:
    """Reads the sentences of one document in order."""

    def __init__(self, grammar: Grammar, fiscal_year: int | None, kind: str) -> None:
        self.grammar = grammar
        self.context = Context(grammar, fiscal_year, kind)
        self._money = "万元"
        self._counted: dict[str, str] = {}
        """Measure and the unit it was last counted in."""
        self._changed: tuple[Frame, int] | None = None
        """What was last said to change, and the sign of its change."""
        self._parts = 0
        """How many parts of a whole the sentence before listed: 与上年相比 behind several is about their whole."""
        self._last: _Meaning | None = None
        """The statement before this number in its sentence."""

    @property
    def section(self) -> int:
        """Counts the headings 一、 二、 and the titles so far."""
        return self.context.section

    def read(self, sentence: Sentence) -> Iterator[Statement]:
        """The statements of the next sentence."""
        text = _COMMA.sub("，", sentence.text.translate(_FULL_WIDTH))
        # Where a ；follows, the list goes on.
        if self._parts > 1 and not sentence.opens_paragraph and "；" not in text and self.grammar.base.match(text):
            self.context.subject = self.context.whole or self.context.subject
        self._parts = 0
        level, body = None, 0
        if sentence.opens_paragraph:
            level, body = self.context.enumerator(text)
            self.context.open_paragraph(level, text)
            if self.grammar.part_title.fullmatch(text):
                yield self._stated(sentence, text, (0, len(text)), _Meaning("title", _TITLE, 0), None, "")
        if self.grammar.amount.search(text) or self._words(text):
            stated = list(self._statements(sentence, text))
            self._parts = self._count_parts(text, stated)
            yield from stated
        elif len(text) <= HEADING_LENGTH:
            self.context.note_heading(text, level, body, self.context.mentions(text))

    def _count_parts(self, text: str, stated: Sequence[Statement]) -> int:
        """Of how many parts a sentence gives the amounts, 0 where it lists none or says how each has changed."""
        found = self.grammar.parts.search(text)
        if found is None or any(s.statement_kind in ("delta", "pct_change") for s in stated):
            return 0
        amounts = {
            (s.measure_id, s.nature, s.subject_label, s.breakdown) for s in stated if s.statement_kind == "level"
        }
        return len(amounts) - (found.start() > 0)  # before 其中 stands the whole

    def _statements(self, sentence: Sentence, text: str) -> Iterator[Statement]:
        context = self.context
        context.open_sentence()
        self._last = None
        mentions = context.mentions(text)
        reasons = self._reasons(text)
        words = [one for one in self._words(text) if not any(a <= one.start < b for a, b in reasons)]
        behind = 0
        for amount in self.grammar.amount.finditer(text):
            while words and words[0].start < amount.start():
                yield from self._said_in_words(sentence, text, words.pop(0), behind, mentions)
            context.note_brackets(text[behind : amount.start()])
            context.note_parts(text, behind, amount.start(), mentions)
            number = _Number(text, mentions, behind, _clause_start(text, behind, amount.start()), amount)
            behind = amount.end()
            in_reason = any(a <= amount.start() < b for a, b in reasons)
            if _THRESHOLD.match(text, amount.end()):  # 100万元以上 is no amount of anything
                continue
            if meaning := self._understand(number, in_reason):
                yield self._statement(sentence, number, meaning)
            elif not in_reason and self._is_lost_amount(number):
                context.lose()
        for one in words:
            yield from self._said_in_words(sentence, text, one, behind, mentions)
        context.note_brackets(text[behind:])
        context.note_parts(text, behind, len(text), mentions)

    def _is_lost_amount(self, number: _Number) -> bool:
        """Whether what follows may be about this number, which was not understood.

        Not about an amount of a comparison that lacks its direction word (比上年1.43万元，增加0.68%), nor about the
        money beside a count (车辆2辆、36万元).
        """
        compared = self.grammar.base.fullmatch(number.text, number.clause, number.start)
        is_money = self.grammar.unit_class.get(number.unit) == "money"
        beside = number.text[number.behind : number.start] == "、"
        return bool(number.amount["garbled"]) or (is_money and not compared and not (beside and self._counts()))

    def _counts(self) -> bool:
        return self._last is not None and self._last.kind == "count"

    def _reasons(self, text: str) -> list[tuple[int, int]]:
        """The stretches that give reasons: what they say of money are no figures of the account."""
        spans = []
        for found in self.grammar.reasons.finditer(text):
            end = text.find("；", found.end())
            while end >= 0 and self.grammar.reason_points.match(text, end + 1):
                end = text.find("；", end + 1)
            spans.append((found.start(), len(text) if end < 0 else end))
        return spans

    def _understand(self, number: _Number, in_reason: bool) -> _Meaning | None:
        if number.amount["garbled"] or self.context.in_lost_parts:
            return None
        if number.unit and (counted := self._count(number, in_reason)):
            return counted
        if in_reason:
            return None
        if number.amount["same"]:
            return self._unchanged(number)
        if not number.unit:
            return self._bare_zero(number)
        is_ratio = self.grammar.unit_class[number.unit] in ("percent", "times")
        meaning = ((self._role(number) or self._aside(number)) if is_ratio else None) or self._change(number)
        if meaning or is_ratio:
            return meaning
        return self._last_year(number) or self._sequel(number) or self._level(number)

    def _count(self, number: _Number, in_reason: bool) -> _Meaning | None:
        """A number before its noun: 6个股室."""
        for count in self.grammar.counts:
            if number.unit not in count.units or (in_reason and not count.rule.in_reason):
                continue
            after = count.after.match(number.text, number.amount.end())
            if after and count.before.search(number.text, 0, number.start):
                breakdown = count.rule.breakdown.format(**after.groupdict())
                frame = Frame(count.rule.measure, count.units, breakdown=breakdown)
                self.context.subject = frame
                return _Meaning("count", frame, number.start)
        return None

    def _unchanged(self, number: _Number) -> _Meaning | None:
        """与上年持平: a change of 0."""
        text, context = number.text, self.context
        base = context.note_base(text, number.behind, number.start)
        if base is None and not _COMPARES.search(text, number.clause, number.start):
            base = context.base  # else 决算数与预算数持平: not with what was named before
        frame = context.about(text, number.clause, number.start, number.mentions)
        is_rough = self.grammar.not_same.search(text, 0, number.start)
        if is_rough or base is None or base.name in _OWN_BASES or frame is None or not frame.is_money:
            return None
        context.subject = frame
        return _Meaning("delta", frame, number.start, sign=0, base=base.name)

    def _role(self, number: _Number) -> _Meaning | None:
        """A share or an execution rate."""
        for role in self.grammar.roles:
            found = role.pattern.search(number.text, number.clause, number.start)
            if not found or self.grammar.unit_class[number.unit] != role.rule.unit:
                continue
            frame = self.context.about(number.text, number.clause, found.start(), number.mentions)
            if frame is None or not frame.is_money:
                return None
            groups = found.groupdict()
            if role.rule.kind == "share":
                named, fund = self._named_whole(groups.get("of") or "", found, number)
                if fund and frame.measure in _OF_ANY_FUND:
                    frame = msgspec.structs.replace(frame, fund=fund)
                return _Meaning("share", frame, number.start, base=named or self._whole(), whole_is_guessed=not named)
            base = _BUDGET_WORDS.get(groups.get("stage") or "", "budget")
            return _Meaning(role.rule.kind, frame, number.start, base=base)
        return None

    def _named_whole(self, words: str, found: re.Match[str], number: _Number) -> tuple[str, str]:
        """The base that the words after 占 name: a measure, else the words themselves; and the fund they name."""
        if not words:
            return "", ""
        mention = self.context.mention_before(number.mentions, number.text, found.start("of"), found.end("of"))
        if mention is None:
            return f"of:{words}", ""
        whole = self.context.frame(mention)
        return base_of(whole.measure, whole.nature), whole.fund

    def _whole(self) -> str:
        """The base of a share where no words name it."""
        whole = self.context.whole
        return base_of(whole.measure, whole.nature) if whole else "of:"

    def _aside(self, number: _Number) -> _Meaning | None:
        """减少24.5万元（43%）: the change said right before, as a percent."""
        is_aside = number.text[number.behind : number.start] == "（"
        if not is_aside or self._last is None or self._last.kind != "delta":
            return None
        return self._last._replace(kind="pct_change", start=number.start)

    def _bare_zero(self, number: _Number) -> _Meaning | None:
        """其他用车为0: nothing of the subject its clause names, in the unit last used for it."""
        mention = self.context.mention_before(number.mentions, number.text, number.clause, number.start)
        if mention is None:
            return None
        frame = self.context.in_unit(number.text, number.clause, mention)
        unit = self._money if frame.is_money else self._counted.get(frame.measure)
        if unit is None:
            return None
        self.context.subject = frame
        stage = self.context.stage(number.text[mention.end : number.start])
        return _Meaning("level" if frame.is_money else "count", frame, number.start, stage=stage, unit=unit)

    def _change(self, number: _Number) -> _Meaning | None:
        """增加 or 减少 by an amount or a ratio."""
        context = self.context
        base = context.note_base(number.text, number.behind, number.start) or context.base
        found = self.grammar.direction.search(number.text, number.clause, number.start)
        frame = context.about(number.text, number.clause, found.start(), number.mentions) if found else None
        if found is None or frame is None:
            return None
        is_ratio = self.grammar.unit_class[number.unit] in ("percent", "times")
        if not is_ratio and number.unit not in frame.units:
            return None
        sign = 1 if found["up"] else -1
        if found["doubt"] and number.magnitude:
            # 增加（减少）: the direction was never chosen; it is known only where the change was said before.
            if self._changed is None or self._changed[0] != frame:
                return None
            sign = self._changed[1]
        elif not found["doubt"]:
            self._changed = (frame, sign)
        context.subject = frame
        name = base.name if base else context.bare_base
        return _Meaning("pct_change" if is_ratio else "delta", frame, found.start(), sign=sign, base=name)

    def _last_year(self, number: _Number) -> _Meaning | None:
        """比2025年年初预算数30385.62万元增加: last year's amount of the subject before.

        Where no word says which amount (比上年1.43万元，增加0.68%), it may as well be a change without its word; and
        where a direction word stands before it, it is a change (与上年对比增加10万元，增长2.3%).
        """
        if self.grammar.direction.search(number.text, number.clause, number.start):
            return None
        found = self.grammar.base.fullmatch(number.text, number.clause, number.start)
        subject = self.context.subject
        if not found or not (found["what"] or found["own"]) or not subject or number.unit not in subject.units:
            return None
        if not self.grammar.changes.match(number.text, number.amount.end()):
            return None
        base = self.context.base_of(found)
        return _Meaning("level", subject, number.start, stage=_STAGE_OF_BASE.get(base.name, ""), year=base.year)

    def _sequel(self, number: _Number) -> _Meaning | None:
        """3批次，27人次: the subject follows from the statement before."""
        subject = self.context.subject
        if subject is None:
            return None
        for sequel in self.grammar.sequels:
            if subject.measure not in sequel.rule.after or number.unit not in sequel.units:
                continue
            found = sequel.words.fullmatch(number.text, number.clause, number.start)
            if found:
                breakdown = subject.breakdown if sequel.rule.keep else ""
                if sequel.rule.breakdown:
                    breakdown = sequel.rule.breakdown.format(of=subject.part("type"), **found.groupdict())
                frame = Frame(sequel.rule.measure, sequel.units, breakdown=breakdown)
                if not sequel.rule.aside:
                    self.context.subject = frame
                return _Meaning(self._plain_kind(number), frame, number.start)
        return None

    def _level(self, number: _Number) -> _Meaning | None:
        """An amount or count of the subject its clause names, or, told by a stage word, of the one before."""
        context, text = self.context, number.text
        if mention := context.mention_before(number.mentions, text, number.clause, number.start, number.unit):
            if _is_joint(number, mention):
                return None
            words = text[mention.end : number.start]
            frame = context.with_fund_behind(context.in_unit(text, number.clause, mention), words)
            context.subject = frame
            planned = _PLANNED.search(text, number.clause, mention.start)
            stage = context.stage(words) or (context.stage(re.sub("部门|单位", "", planned[0])) if planned else "")
            return _Meaning(self._plain_kind(number), frame, number.start, stage=stage)
        words = text[number.clause : number.start]
        stage = context.stage(words)
        subject = context.subject
        if stage and subject and number.unit in subject.units and self.grammar.stage_filler.fullmatch(words):
            return _Meaning(self._plain_kind(number), subject, number.start, stage=stage)
        return None

    def _plain_kind(self, number: _Number) -> str:
        return "count" if self.grammar.unit_class[number.unit] == "count" else "level"

    def _words(self, text: str) -> list[_Words]:
        """The comparisons and lists of names in a sentence, by place."""
        rules = [*self.grammar.comparisons, ("", self.grammar.lists)]
        found = (_Words(match.start(), rule, match) for rule, pattern in rules for match in pattern.finditer(text))
        return sorted(found, key=lambda words: words.start)

    def _said_in_words(
        self, sentence: Sentence, text: str, words: _Words, behind: int, mentions: Sequence[Mention]
    ) -> Iterator[Statement]:
        """What words state of the subject their clause names, else of the one before, as a change is."""
        frame = self.context.about(text, _clause_start(text, behind, words.start), words.start, mentions)
        if frame is None or not frame.is_money:
            return
        if words.direction:
            yield self._compared(sentence, text, words, frame)
        elif frame.nature in self.grammar.lists_of and not frame.label:
            yield from self._listed(sentence, text, words, frame)

    def _compared(self, sentence: Sentence, text: str, words: _Words, frame: Frame) -> Statement:
        """决算数小于预算数."""
        self.context.subject = frame
        base = _BUDGET_WORDS.get(words.match["budget"] or "", "budget")
        stage = self.context.stage(words.match["spent"])
        meaning = _Meaning("comparison", frame, words.match.start("word"), base=base, stage=stage)
        breakdown = ";".join(filter(None, (frame.breakdown, f"direction={words.direction}")))
        stated = self._stated(sentence, text, words.match.span("word"), meaning, None, "")
        return msgspec.structs.replace(stated, breakdown=breakdown)

    def _listed(self, sentence: Sentence, text: str, words: _Words, frame: Frame) -> Iterator[Statement]:
        """人员经费N万元，主要包括：基本工资、津贴补贴: each name."""
        start, names = words.match.start("names"), words.match["names"].split("、")
        if not all(self.grammar.name.fullmatch(name) for name in names):
            return
        for name in names:
            meaning = _Meaning("named_part", msgspec.structs.replace(frame, label=name), start)
            yield self._stated(sentence, text, (start, start + len(name)), meaning, None, "")
            start += len(name) + 1

    def _statement(self, sentence: Sentence, number: _Number, meaning: _Meaning) -> Statement:
        unit = number.unit or meaning.unit or self._money  # 持平 prints none: that of the money said before
        if self.grammar.unit_class[unit] == "money":
            self._money = unit
        elif meaning.kind == "count":
            self._counted[meaning.frame.measure] = unit
        self._last = meaning
        # + 0 turns minus zero into zero.
        value = Decimal(0) if number.amount["same"] else meaning.sign * number.magnitude + 0
        return self._stated(sentence, number.text, number.amount.span(), meaning, value, unit)

    def _stated(
        self, sentence: Sentence, text: str, span: tuple[int, int], meaning: _Meaning, value: Decimal | None, unit: str
    ) -> Statement:
        """What is said at `span` of the sentence, with the meaning it was given and what the context adds."""
        start, end = span
        frame = meaning.frame
        stage = meaning.stage or frame.stage or self.grammar.default_stage.get(self.context.kind, "")
        pieces = sentence.boxes(start, end)
        page, box = _place(pieces)
        return Statement(
            page=page,
            box=box,
            sentence=sentence.text,
            span=(start, end),
            number_boxes=pieces,
            sentence_boxes=sentence.boxes(),
            value_text=sentence.text[meaning.start : end],
            value=value,
            unit=unit,
            measure_id=frame.measure,
            statement_kind=meaning.kind,
            fund_source=self.context.fund(frame) if frame.is_money else "",
            nature=frame.nature,
            stage=stage if frame.is_money else "",
            period_year=meaning.year or self.context.year(text, start, meaning.kind == "count"),
            base=meaning.base,
            subject_label=frame.label,
            subject_code=frame.code,
            breakdown=frame.breakdown,
            whole_is_guessed=meaning.whole_is_guessed,
        )


def _is_joint(number: _Number, mention: Mention) -> bool:
    """Whether the mention is but the last of several subjects of one number: “三公”经费及会议费、培训费共263.72万元."""
    return any(
        number.behind < other.end < mention.start
        and _CONJUNCTION.fullmatch(number.text, other.end, mention.start)
        and other.subject.units == mention.subject.units
        for other in number.mentions
    )


def _clause_start(text: str, behind: int, start: int) -> int:
    """Where the clause before `start` begins: behind the last mark that is not inside closed brackets."""
    depth = 0
    for i in range(start - 1, behind - 1, -1):
        char = text[i]
        if char == "）":
            depth += 1
        elif char == "（":
            if depth == 0:
                return i + 1
            depth -= 1
        elif depth == 0 and char in "，；。、":
            return i + 1
    if depth:  # the bracket closed here was opened before the last number
        return text.index("）", behind) + 1
    return behind


def _place(boxes: list[tuple[int, Box]]) -> tuple[int, Box]:
    """The page of the first piece, and the box of all pieces on it."""
    page, box = boxes[0]
    for other, piece in boxes[1:]:
        if other == page:
            box = box.union(piece)
    return page, box
