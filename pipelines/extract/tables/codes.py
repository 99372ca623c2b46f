"""Codes printed in a row: which code list each belongs to, and its digits joined.

A row may carry several: 功能分类 and 经济分类, 部门 and 政府 economic classification side by side, unit codes,
procurement catalogues. Each list forms a group of its own; the first that names a budget subject is the row's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.catalogue.tables import TableCatalogue
from pipelines.extract.tables.headers import Column
from pipelines.words import canonical

SUBJECT_KINDS = ("functional", "department_economic", "government_economic")
_BY_FIRST_DIGIT = dict(zip("235", SUBJECT_KINDS, strict=True))
_SUBJECT = re.compile(r"^[235]\d{2}(\d{2}){0,2}$")
_LEADING_CODE = re.compile(r"^[\[(（【]?([235]\d{2}(?:\d{2}){0,2})[\])）】]?[-_.、－—]*([^-\d.,、－—].*)$")


@dataclass
class CodeGroup:
    """The parts of one printed code, blanks kept, so that position tells 类, 款 and 项."""

    kind: str = ""
    """A kind of `code_kinds` in tables.yaml, '' where the header does not say."""
    parts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Codes:
    """The codes of one row: that of its budget subject ('' if none), and the others by kind."""

    subject: str = ""
    others: tuple[tuple[str, str], ...] = ()

    @property
    def others_text(self) -> str:
        """As published: `government_economic=50101;unit=116001`."""
        return ";".join(f"{kind}={code}" for kind, code in self.others)


def group_columns(columns: Sequence[Column], catalogue: TableCatalogue) -> list[tuple[int, str] | None]:
    """For each code column its group and the group's kind; None for other columns.

    A group ends at a column of another role, at a 类 after 款 or 项, and where the header above it changes.
    """
    out: list[tuple[int, str] | None] = []
    group = 0
    last: Column | None = None
    for column in columns:
        if column.role != "code":
            out.append(None)
            last = None
            continue
        kind = catalogue.code_kind("/".join(canonical(level) for level in column.path))
        goes_on = (
            last is not None and column.words != "类" and column.path[:-1] == last.path[:-1] and len(column.path) > 1
        )
        if not goes_on:
            group += 1
        out.append((group, kind))
        last = column
    return out


def leading_code(text: str) -> tuple[str, str] | None:
    """A subject code printed before its name in one cell (`30207邮电费`), and the name."""
    found = _LEADING_CODE.match(text)
    return (found[1], found[2]) if found else None


def join_parts(parts: Sequence[str], above: str) -> str:
    """The printed digits joined 类款项, '' if none.

    A row may print its full code in one cell, its parts in three (each row repeating 类 and 款, or only its own
    digits: then the rest comes from `above`, the code of the row before), or an unpadded part (`301│2`).
    """
    digits = [re.sub(r"\D", "", unicodedata.normalize("NFKC", part)) for part in parts]
    printed = [(i, part) for i, part in enumerate(digits) if part]
    if not printed:
        return ""
    position, first = printed[0]
    if len(printed) == 1 and len(first) > 2:
        return first
    if len(first) <= 2:  # its own digits only: 款 in the second place, 项 in the third
        first = above[: 3 + 2 * (position - 1)] + first.zfill(2) if position and above else first.zfill(2)
    return first + "".join(part.zfill(2) for _, part in printed[1:])


def read_codes(groups: Sequence[CodeGroup], above: dict[int, str]) -> Codes:
    """The codes of a row; `above` holds the code of each group in the rows before and is brought up to date."""
    subject, others = "", []
    for i, group in enumerate(groups):
        code = join_parts(group.parts, above.get(i, ""))
        if not code:
            continue
        if len(code) >= 3:
            above[i] = code
        kind = group.kind or (_BY_FIRST_DIGIT[code[0]] if _SUBJECT.match(code) else "other")
        if kind in SUBJECT_KINDS and not subject:
            subject = code
        else:
            others.append((kind, code))
    return Codes(subject, tuple(others))
