"""Budget subjects: which list a printed code belongs to, which code a label stands for, which name held in a year.

Codes are 3, 5 or 7 digits: 类, 款, 项. Names repeat across 款 (行政运行 is 01 nearly everywhere), so a name is resolved
only inside the 类 and 款 its label path prints; what stays ambiguous stays unresolved.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable

import polars as pl

from pipelines.normalise.reference import Reference
from pipelines.words import canonical

FUNCTIONAL = "functional"
DEPARTMENT_ECONOMIC = "department_economic"
GOVERNMENT_ECONOMIC = "government_economic"
SYSTEMS = (FUNCTIONAL, DEPARTMENT_ECONOMIC, GOVERNMENT_ECONOMIC)
NONE_KEY = "none"

_SHAPES = {
    FUNCTIONAL: re.compile(r"2\d{2}(\d{2}){0,2}"),
    DEPARTMENT_ECONOMIC: re.compile(r"3\d{2}(\d{2})?"),
    GOVERNMENT_ECONOMIC: re.compile(r"5\d{2}(\d{2})?"),
}
_NOISE = re.compile(r"\((类|款|项|科目)\)|[()、,，·\"的]")
_ENDING = re.compile(r"(?<=.)(支出|费用|费)$")
_ORDINAL = re.compile(r"^(其中[:：]|[一二三四五六七八九十]+[、.．]|\([一二三四五六七八九十\d]+\)|\d{1,2}[、.．](?!\d))")
_PERSONNEL = ("301", "303")
_PUBLIC = ("302", "310")


def code_system(code: str) -> str | None:
    """The list a code belongs to by its shape, None for digits that are no subject code."""
    return next((system for system, shape in _SHAPES.items() if shape.fullmatch(code)), None)


def without_ordinal(label: str) -> str:
    """A canonical label without what numbers it: 一、 (二) 3. 其中:."""
    previous = None
    while previous != label:
        previous, label = label, _ORDINAL.sub("", label)
    return label


def name_key(name: str) -> str:
    """What variants of one subject name have in common.

    Brackets, 的, the endings 支出 and 费, and （类）（款）（项） differ from document to document (domain.md 2.2):
    政府办公（厅）室, 政府办公厅〔室〕 and 政府办公厅（室）及相关机构事务 are compared as 政府办公厅室….
    """
    key = _NOISE.sub("", without_ordinal(canonical(name)))
    while (shorter := _ENDING.sub("", key)) != key:
        key = shorter
    return key


class CodeList:
    """The code lists with their names through the years."""

    def __init__(self, reference: Reference) -> None:
        functional = reference.functional_subjects.with_columns(code_system=pl.lit(FUNCTIONAL))
        self.rows = pl.concat([functional, reference.economic_subjects.select(functional.columns)])
        self._codes: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._keys: dict[str, set[str]] = defaultdict(set)
        self._valid: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        columns = ["code_system", "code", "name", "valid_from_year", "valid_to_year"]
        for system, code, name, first, last in self.rows.select(columns).iter_rows():
            self._codes[system][name_key(name)].add(code)
            self._keys[code].add(name_key(name))
            self._valid[code, name_key(name)].append((first, last or 9999))

    @functools.cache  # noqa: B019  one list per run, dropped with it
    def infer(self, label_path: str, year: int | None, systems: tuple[str, ...] = (FUNCTIONAL,)) -> str | None:
        """The code that a path of names such as 类/款/项 stands for, None if unknown or ambiguous.

        The last name is looked up, and each name above it must be the name of an ancestor, nearest first. Names lag
        behind the code lists, so the year only decides between codes of one name. Of several codes the 类 wins when
        the path is one name long: 其他支出 alone is 229.
        """
        names = [name_key(part) for part in label_path.split("/") if part.strip()]
        if not names:
            return None
        found = {
            code
            for system in systems
            for code in self._codes[system].get(names[-1], ())
            if self._fits(code, names[:-1])
        }
        found = self._valid_in(year, found, names[-1])
        if len(found) > 1 and len(names) == 1:
            found = {code for code in found if len(code) == 3} or found
        return found.pop() if len(found) == 1 else None

    def infer_functional(self, label_path: str, year: int | None) -> str | None:
        """The functional code of a path of names where economic subjects may stand too.

        A path is 类/款/项; a name alone that is also an economic subject (其他支出, 住房公积金) stays unresolved.
        """
        systems = (FUNCTIONAL,) if "/" in label_path else (FUNCTIONAL, DEPARTMENT_ECONOMIC)
        code = self.infer(label_path, year, systems)
        return code if code and code_system(code) == FUNCTIONAL else None

    @functools.cache  # noqa: B019  one list per run, dropped with it
    def infer_below(self, label: str, above: str | None, year: int | None, system: str) -> str | None:
        """The code of `system` that the label of a row stands for in a list whose last subject was `above`.

        A numbered label is a 类. Any other is looked for below the subject above, then beside it and beside its
        parents: 住房公积金 after 30112 is 30113, after 22102 it is 2210201. A path of names is read as by `infer`.
        """
        key = name_key(label)
        if "/" in label or not key:
            return self.infer(label, year, (system,))
        numbered = without_ordinal(canonical(label)) != canonical(label)
        tops = self._valid_in(year, {code for code in self._codes[system].get(key, ()) if len(code) == 3}, key)
        if numbered and len(tops) == 1:
            return tops.pop()
        ancestors = [above[:length] for length in range(len(above), 2, -2)] if above else []
        for ancestor in ancestors:
            below = {
                code
                for code in self._codes[system].get(key, ())
                if code.startswith(ancestor) and len(code) == len(ancestor) + 2
            }
            if below := self._valid_in(year, below, key):
                return below.pop() if len(below) == 1 else None
        return tops.pop() if len(tops) == 1 else self.infer(label, year, (system,))

    def _valid_in(self, year: int | None, codes: set[str], key: str) -> set[str]:
        """Of several codes those that had that name in the year; all of them where none had."""
        if len(codes) < 2 or year is None:
            return codes
        return {code for code in codes if any(a <= year <= b for a, b in self._valid[code, key])} or codes

    def _fits(self, code: str, above: list[str]) -> bool:
        ancestors = [code[:length] for length in range(len(code) - 2, 2, -2)]
        return len(above) <= len(ancestors) and all(
            name in self._keys[ancestor] for name, ancestor in zip(reversed(above), ancestors, strict=False)
        )

    def known(self, code: str) -> bool:
        """Whether the lists have this code."""
        return code in self._keys


def subject_rows(codes: CodeList, printed: Iterable[tuple[str, str]]) -> pl.DataFrame:
    """All code versions with their keys: the lists, and provisional rows for codes seen only in documents.

    `printed` yields (code, printed name) pairs, the commonest name of a code first. A key is the code and the first
    year of its name (2080505@2007), so that a code used again for something else has another key.
    """
    seen: dict[str, str] = {}
    for code, name in printed:
        if code_system(code) and not codes.known(code):
            seen.setdefault(code, name)
    provisional = [
        {"code": code, "name": name, "level": (len(code) - 1) // 2, "valid_from_year": 2007, "valid_to_year": None,
         "status": "provisional", "note": "Seen in documents only.", "code_system": code_system(code)}
        for code, name in sorted(seen.items())
    ]  # fmt: skip
    rows = pl.concat([codes.rows, pl.DataFrame(provisional, schema=codes.rows.schema)])
    key = pl.format("{}@{}", "code", "valid_from_year")
    return rows.with_columns(subject_key=key).sort("code_system", "code", "valid_from_year")


def keys_by_year(rows: pl.DataFrame, years: Iterable[int]) -> pl.DataFrame:
    """code, period_year → subject_key: the version valid in the year, else the latest begun before, else the first."""
    pairs = rows.select("code", "valid_from_year", "subject_key").join(
        pl.DataFrame({"period_year": sorted(set(years))}, schema={"period_year": pl.Int32}), how="cross"
    )
    begun = pl.col("valid_from_year") <= pl.col("period_year")
    return (
        pairs.sort("code", "period_year", "valid_from_year")
        .with_columns(begun=begun)
        .group_by("code", "period_year", maintain_order=True)
        .agg(pl.when(pl.col("begun").any()).then(pl.col("subject_key").filter("begun").last())
             .otherwise(pl.col("subject_key").first()).alias("subject_key"))
    )  # fmt: skip


def dim_subject(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of core.dim_subject; 'none' stands for amounts not by function."""
    level = pl.col("level")
    functional = rows.filter(code_system=FUNCTIONAL).select(
        "subject_key", "code", "name", "level",
        pl.when(level > 1).then(pl.col("code").str.slice(0, pl.col("code").str.len_chars() - 2)).alias("parent_code"),
        pl.col("code").str.slice(0, 3).alias("lei_code"),
        "valid_from_year", "valid_to_year", "status",
    )  # fmt: skip
    none = {"subject_key": NONE_KEY, "code": "", "name": "不分功能科目", "level": 0, "status": "none"}
    return pl.concat([pl.DataFrame([none], schema=functional.schema), functional])


def dim_economic(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of core.dim_economic; 'none' stands for amounts not by economic class."""
    lei = pl.col("code").str.slice(0, 3)
    economic = rows.filter(pl.col("code_system") != FUNCTIONAL).select(
        pl.col("subject_key").alias("economic_key"), "code", "name", "level", pl.col("code_system").alias("system"),
        pl.when(lei.is_in(_PERSONNEL)).then(pl.lit("personnel"))
        .when(lei.is_in(_PUBLIC)).then(pl.lit("public"))
        .otherwise(pl.lit("other")).alias("cost_group"),
        "valid_from_year", "valid_to_year",
    )  # fmt: skip
    none = {"economic_key": NONE_KEY, "code": "", "name": "不分经济科目", "level": 0, "system": "none",
            "cost_group": "none"}  # fmt: skip
    return pl.concat([pl.DataFrame([none], schema=economic.schema), economic])
