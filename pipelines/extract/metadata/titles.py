"""Titles such as 郑州市某局2023年度部门决算: taken apart into name, year, kind and scope."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.catalogue.metadata import TitleWords, either, metadata_words
from pipelines.extract.metadata.names import BRACKETS, clean_name, has_placeholder, is_name
from pipelines.extract.metadata.printed import PrintedLine

YEAR = re.compile(
    r"(?<![\d.])(20[0-4]\d)\(?(?:年度?|度|(?=[部单]|预算|决算))\)?(?!\(?(?:\d{1,2}|[一二三四五六七八九十]{1,3})月)"
)
_IN_BRACKETS = re.compile(r"\(([^()]{3,30})\)$")
"""A name may also stand in brackets at the end: 2022年度部门决算（某某区教育局）."""
_MAX_LINE = 45
_MAX_BLOCK = 10
_MAX_REGION = 12
"""What stands before a title without a department is at most a region."""


class Title(NamedTuple):
    """What a title says; None or False for what it does not."""

    text: str
    name: str | None
    year: int | None
    kind: str
    scope: str | None
    placeholder: bool


class _Patterns(NamedTuple):
    account: re.Pattern[str]
    tail: re.Pattern[str]
    not_title: re.Pattern[str]
    not_account: re.Pattern[str]
    label: re.Pattern[str]
    stop: re.Pattern[str]
    sentence: re.Pattern[str]
    skip: re.Pattern[str]
    final: re.Pattern[str]
    department: re.Pattern[str]
    unit: re.Pattern[str]


@functools.cache
def _patterns() -> _Patterns:
    words = metadata_words()
    title: TitleWords = words.title
    level, department, unit = either(title.level), either(title.department), either(title.unit)
    kinds = either(title.budget + title.final)
    labels = either(words.labels.department + words.labels.unit)
    return _Patterns(
        account=re.compile(
            rf"{level}?\(?(?P<who>{department}|{unit})?(?:\([^()]*\)|\))?{either(title.filler)}*(?P<kind>{kinds}+)"
        ),
        tail=re.compile(f"^{either(title.tail)}*"),
        not_title=re.compile(either(title.not_title)),
        not_account=re.compile(either(title.not_account)),
        label=re.compile(rf"^{labels}:"),
        stop=re.compile(rf"^目录|{words.heading}|^[一二三]、|^\([一二三]\)|单位:万?元"),
        sentence=re.compile(r"[。;]"),
        skip=re.compile(
            r"^(?!20\d\d$)[-\d.]*$|^20\d\d年\d{1,2}月|^20\d\d年[一二三四五六七八九十]+月|^附件?\d*:?$|^监督索引号\d*$|^公开表?.{0,3}$|^表.$|^\([^)]*\)$"
        ),
        final=re.compile(either(title.final)),
        department=re.compile(department),
        unit=re.compile(unit),
    )


def parse_title(text: str, whole: bool = True) -> Title | None:
    """Take apart a canonical title; None if it is none. `whole`: nothing but the title and a name may stand there."""
    patterns = _patterns()
    if patterns.not_title.search(text) or patterns.not_account.search(text):
        return None
    found = _account(text)
    if found is None:
        return None
    before, after = text[: found.start()], text[found.end() :]
    rest = after[patterns.tail.match(after).end() :]  # type: ignore[union-attr]  # the pattern matches nothing too
    years = [int(y) for y in YEAR.findall(before)] or [int(y) for y in YEAR.findall(text)]
    front, back = clean_name(YEAR.sub("", before)), clean_name(YEAR.sub("", rest))
    named = _IN_BRACKETS.search(after)
    inside = clean_name(named[1]) if named else back
    name = next((n for n in (front, back, inside) if is_name(n.text)), None)
    # Anything else on the line makes it a sentence or a table's title, unless it stands in for a name.
    strange = (rest and name not in (back, inside)) or (name is not front and len(front.text) > _MAX_REGION)
    if whole and strange and not has_placeholder(before + rest):
        return None
    scope = "department" if found["who"] and patterns.department.fullmatch(found["who"]) else None
    if scope is None and found["who"]:
        scope = "unit"
    return Title(
        text=text.translate(BRACKETS),
        name=name.text if name else None,
        year=years[-1] if years else None,
        kind="final" if patterns.final.search(found["kind"]) else "budget",
        scope="head" if name and name.head else scope,
        placeholder=has_placeholder(before + rest),
    )


def _account(text: str) -> re.Match[str] | None:
    """The account phrase: the last that names 部门 or 单位, else the last."""
    found = list(_patterns().account.finditer(text))
    return next((m for m in reversed(found) if m["who"]), found[-1] if found else None)


def cover_title(lines: Sequence[PrintedLine]) -> Title | None:
    """The title on a document's first printed page, over as many lines as it takes; None if there is none."""
    block = _cover_block(lines)
    best: Title | None = None
    for start in range(len(block)):
        for end in range(start + 1, min(len(block), start + 6) + 1):
            title = parse_title("".join(block[start:end]))
            # A longer run of lines is better if it adds what is missing, or ends the title (信息公开).
            if title is not None and (
                best is None
                or _known(title) > _known(best)
                or (title.text.startswith(best.text) and title._replace(text=best.text) == best)
            ):
                best = title
        if best is not None and best.name and best.year:
            break
    return best


def _known(title: Title) -> int:
    return 2 * (title.name is not None) + 2 * (title.year is not None) + (title.scope is not None)


def _cover_block(lines: Sequence[PrintedLine]) -> list[str]:
    """The lines above the contents, the first heading or the first table's unit, without dates and page numbers."""
    patterns = _patterns()
    block: list[str] = []
    for line in lines:
        long = patterns.sentence.search(line.key) or len(line.key) > _MAX_LINE
        if patterns.stop.search(line.key) or (long and block) or len(block) == _MAX_BLOCK:
            break
        if long:  # a remark above the title
            continue
        inside = _IN_BRACKETS.fullmatch(line.key)  # （某某县教育局） on a line of its own
        named = inside is not None and is_name(clean_name(inside[1]).text, strict=True)
        if named or not (patterns.skip.search(line.key) or patterns.label.search(line.key)):
            block.append(line.key)
    return block


def is_other(text: str) -> bool:
    """Whether canonical text names a document that is about budgets but no department's account (政府预算, 通知)."""
    return _patterns().not_account.search(text) is not None


def heading_title(key: str) -> Title | None:
    """A section heading or page header that names the account (第二部分2023年度部门决算情况说明)."""
    words = metadata_words()
    heading = re.search(words.heading, key)
    if heading is None or len(key) > _MAX_LINE + 20:
        return None
    return parse_title(re.sub(r"\.{2,}\d*$|\d+$", "", key[heading.end() :]), whole=False)
