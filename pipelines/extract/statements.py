"""Figures stated in running text: sentence by sentence, each number with what it means.

The grammar is data (pipelines/catalogue/statements.yaml); here is only the walk. A number is listed when the words
before it, back to the subject they name or to the start of the clause, are all understood. Everything else is
silently left: prose is full of numbers that are no figures of the account.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from pipelines.catalogue.statements import Grammar, Subject, load_grammar
from pipelines.extract.page import Box, Page
from pipelines.extract.text import Sentence, sentences

HEADING_LENGTH = 60
_HALF_WIDTH = str.maketrans("(〔[)〕]％:;０１２３４５６７８９．", "（（（）））%：；0123456789.")
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")
_THRESHOLD = re.compile(r"(?:（含）)?以[上下内]")
_YEAR = re.compile(r"(\d{4})年")


class Statement(msgspec.Struct, frozen=True):
    """A figure stated in running text. Boxes are in reading space; money is in the printed unit."""

    page: int
    box: Box
    """Of the number and its unit (of the word, for 持平); where they are broken over lines, of both pieces."""
    sentence: str
    """As printed, without white space."""
    sentence_boxes: list[tuple[int, Box]]
    """Page and box of each line piece of the sentence."""
    value_text: str
    """Direction word, number and unit as printed, without white space."""
    value: Decimal
    """Signed by the direction word; 0 for 持平."""
    unit: str
    measure_id: str
    statement_kind: str
    fund_source: str
    """Empty for counts and scores."""
    nature: str
    stage: str
    period_year: int | None
    base: str
    """What a change or share is of (see statements.yaml), empty for a level."""
    subject_label: str
    """类/款/项 as printed, where the figure is about a budget subject."""
    subject_code: str
    """Its printed digits."""
    breakdown: str


def read_statements(
    pages: Sequence[Page], *, fiscal_year: int | None, kind: str | None, grammar: Grammar | None = None
) -> list[Statement]:
    """The statements of a document in reading order.

    `kind` is 'budget' or 'final'; it and `fiscal_year` fill in what the text leaves out (stage, period, base).
    A claim repeated word for word in meaning and value within one section is listed where it is printed first.
    """
    reader = _Reader(grammar or load_grammar(), fiscal_year, kind or "budget")
    found: list[Statement] = []
    seen: set[tuple[object, ...]] = set()
    for sentence in sentences(pages):
        for statement in reader.read(sentence):
            key = (reader.section, *_meaning(statement))
            if key not in seen:
                seen.add(key)
                found.append(statement)
    return found


def _meaning(statement: Statement) -> tuple[object, ...]:
    s = statement
    return (
        *(s.value, s.unit, s.measure_id, s.statement_kind, s.fund_source, s.nature, s.stage),
        *(s.period_year, s.base, s.subject_label, s.subject_code, s.breakdown),
    )


class _Frame(msgspec.Struct, frozen=True):
    """What a number is about."""

    measure: str
    units: frozenset[str]
    fund: str = ""
    nature: str = ""
    stage: str = ""
    breakdown: str = ""
    label: str = ""
    code: str = ""


class _Mention(NamedTuple):
    start: int
    end: int
    subject: Subject
    match: re.Match[str]


class _Base(NamedTuple):
    name: str
    year: int | None


class _Heading(NamedTuple):
    frame: _Frame | None
    fund: str


class _Meaning(NamedTuple):
    """A number understood: its kind, frame and whatever the words say beside that."""

    kind: str
    frame: _Frame
    start: int
    """Where value_text starts: at the direction word, else at the number."""
    sign: int = 1
    base: str = ""
    stage: str = ""
    year: int | None = None


class _Reader:
    """Walks sentences in order and carries what they leave unsaid: subject, whole, base, headings."""

    def __init__(self, grammar: Grammar, fiscal_year: int | None, kind: str) -> None:
        self.grammar = grammar
        self.fiscal_year = fiscal_year
        self.kind = kind
        self.section = 0
        self.headings: dict[int, _Heading] = {}
        self.subject: _Frame | None = None
        self.whole: _Frame | None = None
        self.whole_is_near = False
        self.lei = ""
        self.base: _Base | None = None
        self.money = "万元"
        self.sign: int | None = None
        self.brackets: list[_Frame | None] = []
        self.organisation = ""
        self.types: set[str] = set()

    def read(self, sentence: Sentence) -> Iterator[Statement]:
        text = _COMMA.sub("，", sentence.text.translate(_HALF_WIDTH))
        level, body = self._enumerator(text) if sentence.opens_paragraph else (None, 0)
        if sentence.opens_paragraph:
            self._open_paragraph(level, text)
        amounts = list(self.grammar.amount.finditer(text))
        mentions = self._mentions(text) if amounts or len(text) <= HEADING_LENGTH else []
        if not amounts:
            self._heading(text, level, body, mentions)
        else:
            yield from self._statements(sentence, text, amounts, mentions)

    # --- context ------------------------------------------------------------------------------------------------

    def _enumerator(self, text: str) -> tuple[int | None, int]:
        """Level of the heading enumerator the text opens with, and where the words begin."""
        for level, pattern in enumerate(self.grammar.headings):
            if found := pattern.match(text):
                return level, found.end()
        return None, 0

    def _open_paragraph(self, level: int | None, text: str) -> None:
        self.brackets.clear()
        self.whole_is_near = False
        if level is not None:
            for deeper in [k for k in self.headings if k >= level]:
                del self.headings[deeper]
            if level <= 1:
                self.section += 1
                self.whole = None
                self.lei = ""
        if not self.grammar.goes_on.match(text):
            self.subject = next(self._heading_frames(), None)
            self.base = None

    def _heading(self, text: str, level: int | None, body: int, mentions: list[_Mention]) -> None:
        """A sentence without numbers may name the subject of those after it."""
        if len(text) > HEADING_LENGTH:
            return
        frame = None
        for mention in mentions:
            words = text[body : mention.start] + text[mention.end :]
            if self.grammar.heading_words.fullmatch(words) and self._may_follow(mention):
                frame = self._frame(mention)
                break
        if frame is not None:
            self.subject = frame
        if level is not None:
            fund = self.grammar.heading_fund.search(text)
            self.headings[level] = _Heading(frame, self.grammar.funds[fund["fund"]] if fund else "")
        self._enter(text, 0, len(text), mentions)

    def _heading_frames(self) -> Iterator[_Frame]:
        """What the headings above are about, the nearest first."""
        return (heading.frame for _, heading in sorted(self.headings.items(), reverse=True) if heading.frame)

    def _heading_nature(self) -> str:
        return next((frame.nature for frame in self._heading_frames() if frame.measure == "expenditure"), "")

    def _heading_fund(self) -> str:
        return next((h.fund for _, h in sorted(self.headings.items(), reverse=True) if h.fund), "")

    # --- subjects -----------------------------------------------------------------------------------------------

    def _mentions(self, text: str) -> list[_Mention]:
        """All subjects named in the text, by place, longer ones first; they may overlap."""
        found = [
            _Mention(match.start(), match.end(), subject, match)
            for subject in self.grammar.subjects
            for match in subject.pattern.finditer(text)
        ]
        found.sort(key=lambda m: (m.start, -m.end))
        return found

    def _mention_before(
        self, mentions: list[_Mention], text: str, start: int, end: int, unit: str | None = None
    ) -> _Mention | None:
        """The subject whose end lies behind `start` and from which mere fillers lead to `end`.

        The first such: in 政府采购支出总额 the subject is 政府采购, the rest adds nothing. At one place the longest.
        """
        for mention in mentions:
            if start < mention.end <= end and (unit is None or unit in mention.subject.units):
                if self._may_follow(mention) and self._says_nothing(text[mention.end : end]):
                    return mention
        return None

    def _may_follow(self, mention: _Mention) -> bool:
        continues = mention.subject.rule.continues
        return not continues or (self.subject is not None and self.subject.measure in continues)

    def _frame(self, mention: _Mention) -> _Frame:
        rule, groups = mention.subject.rule, mention.match.groupdict()
        fund = rule.fund or self.grammar.funds.get(groups.get("fund") or "", "")
        measure = rule.by_fund.get(fund, rule.measure)
        nature = rule.nature
        breakdown = rule.breakdown.format(**groups) if rule.breakdown else ""
        if rule.continues and self.subject:
            measure = measure or self.subject.measure
            breakdown = _carried(breakdown, self.subject.breakdown)
        label, code = self._subject_path(groups)
        if measure == "expenditure":
            if nature and not label and self.whole and self.whole_is_near:
                label, code = self.whole.label, self.whole.code  # 具体为：人员经费…: the part of that subject
            if not nature:
                nature = (self._heading_nature() if label else "") or "total"
        return _Frame(measure, mention.subject.units, fund, nature, rule.stage, breakdown, label, code)

    def _subject_path(self, groups: dict[str, str | None]) -> tuple[str, str]:
        """类/款/项 and printed code; a missing 类 comes from the heading above."""
        names = [re.sub(r"^(?:其中|包括|用于)", "", groups.get(key) or "") for key in ("lei", "kuan", "xiang")]
        if groups.get("name"):
            return names[0] or (groups["name"] or "").removeprefix("其中"), groups.get("code") or ""
        if not any(names):
            return "", ""
        code = "".join(groups.get(key) or "" for key in ("code1", "code2", "code3"))
        if names[0]:
            self.lei = names[0]
        else:
            labels = (frame.label for frame in self._heading_frames() if frame.label)
            names[0] = next(labels, self.lei).split("/")[0]
        return "/".join(name for name in names if name), code

    # --- numbers ------------------------------------------------------------------------------------------------

    def _statements(
        self, sentence: Sentence, text: str, amounts: list[re.Match[str]], mentions: list[_Mention]
    ) -> Iterator[Statement]:
        muted = self._reasons(text)
        self.organisation = ""
        self.types.clear()
        behind = 0
        for amount in amounts:
            start, end = amount.span()
            self._brackets(text[behind:start])
            silent = any(a <= start < b for a, b in muted)
            meaning = None if _THRESHOLD.match(text, end) else self._understand(text, behind, amount, mentions, silent)
            if meaning is not None:
                yield self._statement(sentence, text, amount, meaning)
            elif amount["unit"] in self.grammar.unit_class and self._breaks_off(text, amount, silent):
                self.subject = None
            behind = end
        self._brackets(text[behind:])
        self._enter(text, behind, len(text), mentions)

    def _breaks_off(self, text: str, amount: re.Match[str], silent: bool) -> bool:
        """Whether an amount that was not understood ends what was said before it."""
        is_money = self.grammar.unit_class[amount["unit"]] == "money"
        return is_money and not silent and not _THRESHOLD.match(text, amount.end())

    def _reasons(self, text: str) -> list[tuple[int, int]]:
        spans = []
        for found in self.grammar.reasons.finditer(text):
            end = text.find("；", found.end())
            while end >= 0 and self.grammar.reason_points.match(text, end + 1):
                end = text.find("；", end + 1)
            spans.append((found.start(), len(text) if end < 0 else end))
        return spans

    def _brackets(self, text: str) -> None:
        """What is said in brackets does not change the subject outside."""
        for char in text:
            if char == "（":
                self.brackets.append(self.subject)
            elif char == "）" and self.brackets:
                self.subject = self.brackets.pop()

    def _understand(
        self, text: str, behind: int, amount: re.Match[str], mentions: list[_Mention], silent: bool
    ) -> _Meaning | None:
        start, unit = amount.start(), amount["unit"]
        if unit and (counted := self._count(text, amount, silent)):
            return counted
        if silent:
            return None
        clause = _clause_start(text, behind, start)
        base = self._base_in(text, behind, start)
        if amount["same"]:
            return self._unchanged(text, clause, amount, mentions, base)
        unit_class = self.grammar.unit_class[unit]
        if unit_class == "percent" and (role := self._role(text, clause, behind, start, mentions)):
            return role
        if change := self._change(text, clause, amount, mentions, base):
            return change
        if unit_class in ("percent", "times"):
            return None
        return self._level(text, behind, clause, amount, mentions)

    def _count(self, text: str, amount: re.Match[str], silent: bool) -> _Meaning | None:
        """A number before its noun: 6个股室."""
        for count in self.grammar.counts:
            if amount["unit"] not in count.units or (silent and not count.rule.in_reason):
                continue
            after = count.after.match(text, amount.end())
            if after and count.before.search(text, 0, amount.start()):
                frame = _Frame(count.rule.measure, count.units, breakdown=count.rule.breakdown.format(**after.groupdict()))
                self.subject = frame
                return _Meaning("count", frame, amount.start())
        return None

    def _base_in(self, text: str, behind: int, start: int) -> _Base | None:
        """What the words since the last number compare with; it holds until another is named."""
        found = self.grammar.base.search(text, behind, start)
        if found is None:
            return None
        self.base = self._base_of(found)
        return self.base

    def _base_of(self, found: re.Match[str]) -> _Base:
        name = next((base for base, words in self.grammar.base_what if words.search(found["what"])), None)
        year = int(found["year"][:4]) if found["year"][0].isdigit() else None
        if year is None and self.fiscal_year is not None:
            year = self.fiscal_year - 1
        return _Base(name or self.grammar.bare_base.get(self.kind, ""), year)

    def _unchanged(
        self, text: str, clause: int, amount: re.Match[str], mentions: list[_Mention], base: _Base | None
    ) -> _Meaning | None:
        """与上年持平: a change of 0."""
        start = amount.start()
        if self.grammar.not_same.search(text, 0, start):
            return None
        frame = self._about(text, clause, start, mentions)
        # 决算数与预算数持平 compares with something else than the base named before.
        base = base or (None if re.search("[与同比较]", text[clause:start]) else self.base)
        if frame is None or base is None or "万元" not in frame.units:
            return None
        self.subject = frame
        return _Meaning("delta", frame, start, sign=0, base=base.name)

    def _about(self, text: str, clause: int, end: int, mentions: list[_Mention]) -> _Frame | None:
        """The subject of a change or share: named in the clause, else the one before, if the clause names nothing else."""
        based = [m.span() for m in self.grammar.base.finditer(text, clause, end)]
        apart = [m for m in mentions if not any(a <= m.start < b for a, b in based)]
        if mention := self._mention_before(apart, text, clause, end):
            return self._frame(mention)
        return self.subject if self._says_nothing(text[clause:end]) else None

    def _says_nothing(self, words: str) -> bool:
        """Whether the words are fillers and bases of comparison only."""
        return self.grammar.filler.fullmatch(self.grammar.base.sub("", words)) is not None

    def _role(self, text: str, clause: int, behind: int, start: int, mentions: list[_Mention]) -> _Meaning | None:
        """A share or an execution rate."""
        for role in self.grammar.roles:
            found = role.pattern.search(text, clause, start)
            if not found:
                continue
            frame = self._about(text, clause, found.start(), mentions)
            if frame is None or "万元" not in frame.units:
                return None
            self._enter(text, behind, found.start(), mentions)
            groups = found.groupdict()
            if role.rule.kind == "share":
                base = self._whole_of(groups.get("of") or "", found, mentions)
            else:
                base = {"年初": "initial_budget", "调整": "adjusted_budget", "全年": "adjusted_budget"}.get(
                    groups.get("stage") or "", "budget"
                )
            return _Meaning(role.rule.kind, frame, start, base=base)
        return None

    def _whole_of(self, words: str, found: re.Match[str], mentions: list[_Mention]) -> str:
        if not words:
            return _share_of(self.whole) if self.whole else "of:"
        mention = self._mention_before(mentions, found.string, found.start("of"), found.end("of"))
        return _share_of(self._frame(mention)) if mention else f"of:{words}"

    def _change(
        self, text: str, clause: int, amount: re.Match[str], mentions: list[_Mention], base: _Base | None
    ) -> _Meaning | None:
        """增加 or 减少 by an amount or a percentage."""
        start = amount.start()
        found = self.grammar.direction.search(text, clause, start)
        if not found:
            return None
        frame = self._about(text, clause, found.start(), mentions)
        if frame is None:
            return None
        sign: int | None = 1 if found["up"] else -1
        if found["doubt"]:
            # 增加（减少）: the direction was never chosen; it is known only where the number is 0 or said before.
            zero = Decimal(amount["number"].replace(",", "")) == 0
            sign = 0 if zero else self.sign
            if sign is None:
                return None
        unit_class = self.grammar.unit_class[amount["unit"]]
        if unit_class in ("money", "count") and amount["unit"] not in frame.units:
            return None
        self.subject = frame
        self.sign = sign
        name = (base or self.base or _Base(self.grammar.bare_base.get(self.kind, ""), None)).name
        kind = "pct_change" if unit_class in ("percent", "times") else "delta"
        return _Meaning(kind, frame, found.start(), sign=sign, base=name)

    def _level(
        self, text: str, behind: int, clause: int, amount: re.Match[str], mentions: list[_Mention]
    ) -> _Meaning | None:
        start, unit = amount.start(), amount["unit"]
        kind = "count" if self.grammar.unit_class[unit] == "count" else "level"
        words = text[clause:start]
        # 比2025年年初预算数30385.62万元增加: the amount is last year's.
        based = self.grammar.base.fullmatch(words)
        if based and self.grammar.changes.match(text, amount.end()) and self.subject and unit in self.subject.units:
            base = self._base_of(based)
            stage = {"prior_budget": "initial_budget", "prior_execution": "execution", "prior_final": "final"}[base.name]
            return _Meaning(kind, self.subject, start, stage=stage, year=base.year)
        for sequel in self.grammar.sequels:
            if self.subject is None or self.subject.measure not in sequel.rule.after or unit not in sequel.units:
                continue
            if found := sequel.words.fullmatch(words):
                breakdown = self.subject.breakdown if sequel.rule.keep else ""
                if sequel.rule.breakdown:
                    of = _part(self.subject.breakdown, "type")
                    breakdown = sequel.rule.breakdown.format(of=of, **found.groupdict())
                frame = _Frame(sequel.rule.measure, sequel.units, breakdown=breakdown)
                if not sequel.rule.aside:
                    self.subject = frame
                return _Meaning(kind, frame, start)
        if mention := self._mention_before(mentions, text, clause, start, unit):
            frame = self._in_unit(text, clause, mention, self._frame(mention))
            self._enter(text, behind, mention.start, mentions)
            self.subject = frame
            return _Meaning(kind, frame, start, stage=self._stage(text[mention.end : start]))
        stage = self._stage(words)
        if stage and self.subject and unit in self.subject.units and self.grammar.stage_filler.fullmatch(words):
            return _Meaning(kind, self.subject, start, stage=stage)
        return None

    def _in_unit(self, text: str, clause: int, mention: _Mention, frame: _Frame) -> _Frame:
        """Adds the organisation a headcount is of, and the type where only one was given."""
        if not mention.subject.rule.of_unit:
            return frame
        if named := self.grammar.organisation.search(text, clause, mention.start):
            self.organisation = named[0]
            self.types.clear()
        given = _part(frame.breakdown, "type") or (next(iter(self.types)) if len(self.types) == 1 else "")
        self.types.add(given)
        parts = [f"type={given}" if given else "", f"unit={self.organisation}" if self.organisation else ""]
        return msgspec.structs.replace(frame, breakdown=";".join(filter(None, parts)))

    def _enter(self, text: str, behind: int, end: int, mentions: list[_Mention]) -> None:
        """其中 makes the subject named right before it, else the one so far, the whole of what follows."""
        for found in self.grammar.parts.finditer(text, behind, end):
            mention = self._mention_before(mentions, text, behind, found.start())
            self.whole = self._frame(mention) if mention else self.subject
            self.whole_is_near = True

    def _stage(self, words: str) -> str:
        for pattern, rule in self.grammar.stages:
            if (rule.only is None or rule.only == self.kind) and pattern.search(words):
                return rule.stage
        return ""

    # --- results ------------------------------------------------------------------------------------------------

    def _statement(self, sentence: Sentence, text: str, amount: re.Match[str], meaning: _Meaning) -> Statement:
        start, end = amount.span()
        unit = amount["unit"] or self.money
        if self.grammar.unit_class[unit] == "money":
            self.money = unit
        frame = meaning.frame
        # + 0 turns minus zero into zero.
        value = Decimal(0) if amount["same"] else meaning.sign * Decimal(amount["number"].replace(",", "")) + 0
        page, box = _place(sentence.boxes(start, end))
        money = "万元" in frame.units
        return Statement(
            page=page,
            box=box,
            sentence=sentence.text,
            sentence_boxes=sentence.boxes(),
            value_text=sentence.text[meaning.start : end],
            value=value,
            unit=unit,
            measure_id=frame.measure,
            statement_kind=meaning.kind,
            fund_source=self._fund(frame) if money else "",
            nature=frame.nature,
            stage=(meaning.stage or frame.stage or self.grammar.default_stage.get(self.kind, "")) if money else "",
            period_year=meaning.year or self._year(text, start),
            base=meaning.base,
            subject_label=frame.label,
            subject_code=frame.code,
            breakdown=frame.breakdown,
        )

    def _fund(self, frame: _Frame) -> str:
        whole = self.whole.fund if self.whole else ""
        return frame.fund or self._heading_fund() or whole or self.grammar.default_fund.get(frame.measure, "all")

    def _year(self, text: str, start: int) -> int | None:
        """The last year named before the number, bases of comparison aside, else the document's."""
        if self.grammar.prior_year.search(text, 0, start) and self.fiscal_year:
            return self.fiscal_year - 1
        based = [m.span() for m in self.grammar.base.finditer(text, 0, start)]
        years = [int(m[1]) for m in _YEAR.finditer(text, 0, start) if not any(a <= m.start() < b for a, b in based)]
        near = [y for y in years if self.fiscal_year is None or abs(y - self.fiscal_year) <= 1]
        return near[-1] if near else self.fiscal_year


def _carried(breakdown: str, before: str) -> str:
    """The breakdown with type= and unit= of the one before, where it has none of its own."""
    kept = [f"{key}={part}" for key in ("type", "unit") if not _part(breakdown, key) and (part := _part(before, key))]
    return ";".join(filter(None, [breakdown, *kept]))


def _share_of(whole: _Frame) -> str:
    """The base of a share: the measure of the whole, with its nature where it has one."""
    return f"of:{whole.measure}" + (f"/{whole.nature}" if whole.nature not in ("", "total") else "")


def _part(breakdown: str, key: str) -> str:
    return dict(part.split("=", 1) for part in breakdown.split(";") if part).get(key, "")


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
