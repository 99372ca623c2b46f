"""One reader for each field and source, and the order in which a field's sources are asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import zip_longest
from typing import TypeVar

from pipelines.catalogue.metadata import either, metadata_words
from pipelines.extract.metadata.names import clean_name, is_name, official
from pipelines.extract.metadata.printed import PrintedLine
from pipelines.extract.metadata.sources import Found, Sources, latest_first, majority
from pipelines.extract.metadata.titles import YEAR, Title, parse_title

T = TypeVar("T")
_LEAST_MENTIONS = 2


def _who() -> str:
    """A pattern with the groups department and unit."""
    title = metadata_words().title
    return f"(?:(?P<department>{either(title.department)})|(?P<unit>{either(title.unit)}))"


def _from_cover(field: str) -> Callable[[Sources], Found[T] | None]:
    def read(sources: Sources) -> Found[T] | None:
        value = getattr(sources.cover, field, None)
        return None if value is None else Found(value, f"title on page {sources.cover_page}: '{_title(sources)}'")

    return read


def _title(sources: Sources) -> str:
    return sources.cover.text if sources.cover else ""


def _from_link(field: str) -> Callable[[Sources], Found[T] | None]:
    def read(sources: Sources) -> Found[T] | None:
        value = getattr(sources.link, field, None)
        return None if value is None or sources.link is None else Found(value, f"link: '{sources.link.text}'")

    return read


def _from_headings(field: str) -> Callable[[Sources], Found[T] | None]:
    def read(sources: Sources) -> Found[T] | None:
        votes = [(getattr(title, field), page, title.text) for page, title in sources.headings]
        return majority(((v, p, w) for v, p, w in votes if v is not None), "heading")

    return read


def _name_from_cover_caption(sources: Sources) -> Found[str] | None:
    return majority(((c.name, c.page, c.name) for c in sources.captions if c.on_cover), "caption")


def _name_from_captions(sources: Sources) -> Found[str] | None:
    return majority(((c.name, c.page, c.name) for c in sources.captions), "caption")


def _name_from_overview(sources: Sources) -> Found[str] | None:
    """第一部分上海市普陀区财政局概况."""
    words = metadata_words()
    ending = re.compile(either(words.heading_words) + r"[.\d]*$")
    votes = []
    for line in sources.lines:
        start = re.search(words.heading, line.key)
        name = clean_name(ending.sub("", line.key[start.end() :])) if start and ending.search(line.key) else None
        if name is not None and is_name(name.text):
            votes.append((name.text, line.page, line.key))
    return majority(votes, "heading")


def _name_from_text(sources: Sources) -> Found[str] | None:
    """The body that most clauses are about: 某局所属2个预算单位, 2026年某局机关运行经费."""
    words = metadata_words()
    clause = re.compile(
        rf"(?:20\d\d年度?)?(?P<name>[一-龥()]{{4,30}}?)(?:\({either(['本级', '本部'])}\))?{either(words.clause_cues)}"
    )
    starts = re.compile(r"^|[,。;:、!?]")
    votes = []
    prose = [line for line in sources.lines if not line.in_grid]
    for line, after in zip_longest(prose, prose[1:], fillvalue=PrintedLine(0, "", False)):
        text = line.key + after.key
        for start in starts.finditer(line.key):
            found = clause.match(text, start.end())
            name = clean_name(found["name"]).text if found else ""
            if is_name(name, strict=True):
                votes.append((name, line.page, found.group() if found else ""))
    best = majority(votes, "running text")
    if best is None or sum(name == best.value for name, _, _ in votes) < _LEAST_MENTIONS:
        return None
    full = official(best.value)
    return best._replace(value=full) if any(name == full for name, _, _ in votes) else best


def _name_from_page_headers(sources: Sources) -> Found[str] | None:
    """Lines elsewhere that are a title by themselves (苏州市审计局2026年度部门预算公开)."""
    return majority(((t.name, page, t.text) for page, t in _plain_titles(sources) if t.name), "page header")


def _plain_titles(sources: Sources) -> list[tuple[int, Title]]:
    kinds = re.compile(either(metadata_words().title.budget + metadata_words().title.final))
    lines = (
        line for line in sources.lines if 8 <= len(line.key) <= 40 and kinds.search(line.key) and YEAR.search(line.key)
    )
    return [(line.page, title) for line in lines if (title := parse_title(line.key)) is not None]


def _year_from_tables(sources: Sources) -> Found[int] | None:
    # A bare 2025年 in a cell is a column header.
    alone = re.compile(r"\(?" + YEAR.pattern + r"\)?")
    votes = [(int(m[1]), t.page, t.key) for t in sources.titles if (m := YEAR.search(t.key))]
    votes += [(int(m[1]), line.page, line.key) for line in sources.lines
              if (not line.in_grid or "(" in line.key) and (m := alone.fullmatch(line.key))]  # fmt: skip
    return majority(latest_first(votes), "table title")


def year_from_text(sources: Sources) -> Found[int] | None:
    """The year most sentences are about: 2023年度收入总计838.61万元, but not 与2022年度相比."""
    words = metadata_words()
    cue = re.compile(f"(?<!{words.year_not_after})" + r"(?<!\d)(20[0-4]\d)年度?" + either(words.year_cues))
    lines = (line for line in sources.lines if not line.in_grid)
    votes = [(int(m[1]), line.page, line.key) for line in lines for m in cue.finditer(line.key)]
    return majority(latest_first(votes), "running text")


def _kind_from_tables(sources: Sources) -> Found[str] | None:
    final, budget = (re.compile(either(w)) for w in (metadata_words().title.final, metadata_words().title.budget))
    votes = [
        ("final" if final.search(t.key) else "budget", t.page, t.key)
        for t in sources.titles
        if t.account
        if final.search(t.key) or budget.search(t.key)
    ]
    return majority(votes, "table title")


def kind_from_sections(sources: Sources) -> Found[str] | None:
    """The kind that section titles name: 二、收入预算情况说明."""
    title = metadata_words().title
    section = re.compile(
        rf"(?P<final>{either(title.final)})?(?P<budget>{either(title.budget)})?(?:总体)?(?:情况)?说明$"
    )
    found = ((section.search(line.key), line) for line in sources.lines if len(line.key) <= 30)
    votes = [
        ("final" if m["final"] else "budget", line.page, line.key)
        for m, line in found
        if m and (m["final"] or m["budget"])
    ]
    return majority(votes, "section")


def _head_from_captions(sources: Sources) -> Found[str] | None:
    """Captions that name the department's own offices say so against headings, which are the same for all."""
    heads = [(c.page, c.name) for c in sources.captions if c.head]
    if not heads or 5 * len(heads) < 4 * len(sources.captions):
        return None
    page, name = heads[0]
    return Found("head", f"caption on page {page}: '{name}', with 本级 ({len(heads)} of {len(sources.captions)})")


def _scope_from_overview(sources: Sources) -> Found[str] | None:
    """第一部分单位概况."""
    words = metadata_words()
    overview = re.compile(words.heading + _who() + either(words.heading_words))
    found = ((overview.match(line.key), line) for line in sources.lines)
    votes = (("department" if m["department"] else "unit", line.page, line.key) for m, line in found if m)
    return majority(votes, "heading")


def _scope_from_tables(sources: Sources) -> Found[str] | None:
    """部门收支总表, 2026年预算单位财务收支预算总表."""
    who = re.compile(_who() + "(?:财务)?(?:收支|收入|支出)(?:预算|决算|总)")
    found = ((who.search(title.key), title) for title in sources.titles)
    votes = (("department" if m["department"] else "unit", title.page, title.key) for m, title in found if m)
    return majority(votes, "table title")


def _scope_from_captions(sources: Sources) -> Found[str] | None:
    return majority((("head" if c.head else c.scope, c.page, c.name) for c in sources.captions), "caption")


def _scope_from_own_words(sources: Sources) -> Found[str] | None:
    own = metadata_words().own_words
    votes = [
        (scope, line.page, line.key)
        for line in sources.lines
        for scope, word in (("department", own.department), ("unit", own.unit))
        if word in line.key
    ]
    return majority(votes, "running text")


YEAR_READERS: list[Callable[[Sources], Found[int] | None]] = [
    _from_cover("year"), _from_headings("year"), _year_from_tables, year_from_text, _from_link("year")
]  # fmt: skip
KIND_READERS: list[Callable[[Sources], Found[str] | None]] = [
    _from_cover("kind"), _from_headings("kind"), _kind_from_tables, kind_from_sections, _from_link("kind")
]  # fmt: skip
SCOPE_READERS: list[Callable[[Sources], Found[str] | None]] = [
    _from_cover("scope"), _head_from_captions, _from_headings("scope"), _scope_from_tables, _scope_from_overview,
    _from_link("scope"), _scope_from_own_words, _scope_from_captions,
]  # fmt: skip
NAME_READERS: list[Callable[[Sources], Found[str] | None]] = [
    _from_cover("name"), _name_from_cover_caption, _name_from_page_headers, _from_headings("name"), _name_from_overview,
    _name_from_captions, _from_link("name"), _name_from_text,
]  # fmt: skip
