"""Reads a document's metadata: each field from the first source that states it, with the evidence.

Sources, in order: the cover's title, captions on the cover, section headings, captions and titles of tables,
running text, the words of the link. The file name is no source.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import Generic, NamedTuple, TypeVar

from pipelines.catalogue.metadata import either, metadata_words
from pipelines.extract.metadata.model import DocumentMetadata, LinkFacts
from pipelines.extract.metadata.names import clean_name, is_name, merge_region, region_of
from pipelines.extract.metadata.nature import TableTitle, is_image, is_template, other_document, part_of, table_titles
from pipelines.extract.metadata.printed import PrintedLine, key_of, labelled_cells, printed_lines
from pipelines.extract.metadata.titles import YEAR, Title, cover_title, heading_title, parse_title
from pipelines.extract.page import Page

T = TypeVar("T")
_COVER_PAGES = 2
_LEAST_MENTIONS = 2
_ENOUGH_TABLES = 2


class Found(NamedTuple, Generic[T]):
    """A value and where it was read."""

    value: T
    evidence: str


class Caption(NamedTuple):
    """A labelled name: the label says department or unit, weakly, since families use one word for both."""

    page: int
    name: str
    scope: str
    head: bool
    on_cover: bool


class _Sources(NamedTuple):
    lines: list[PrintedLine]
    cover: Title | None
    cover_page: int
    headings: list[tuple[int, Title]]
    captions: list[Caption]
    titles: list[TableTitle]
    link: Title | None


def read_metadata(pages: Sequence[Page], link: LinkFacts) -> DocumentMetadata:
    """What the document says it is. Never raises; what is not stated is None with the reason in `evidence`."""
    sources = _gather(pages, link)
    part, part_evidence = part_of(pages, sources.lines, sources.titles)
    template, template_evidence = is_template(sources.lines, sources.cover is not None and sources.cover.placeholder)
    account, account_evidence = _is_account(pages, sources)
    evidence = {"part": part_evidence, "is_template": template_evidence or "no stand-ins outnumber figures"}
    evidence["is_account"] = account_evidence
    evidence["title"] = f"page {sources.cover_page}" if sources.cover else "no page begins with a title of an account"

    def pick(field: str, readers: Iterable[Callable[[_Sources], Found[T] | None]], nowhere: str) -> T | None:
        found = next((f for reader in readers if (f := reader(sources)) is not None), None) if account else None
        evidence[field] = found.evidence if found else (nowhere if account else "not read: the document is no account")
        return found.value if found else None

    silent = "the pages have no text and the link does not say" if part == "image" else "no page and no link states it"
    year = pick("fiscal_year", _YEAR_READERS, silent)
    kind = pick("kind", _KIND_READERS, silent)
    scope = pick("scope", _SCOPE_READERS, silent)
    name = pick("department_name", [] if template else _NAME_READERS, "a blank form names none" if template else silent)
    region, evidence["region_name"] = merge_region(region_of(name) if name else None, link.portal_region)
    return DocumentMetadata(
        title=sources.cover.text if sources.cover else None,
        department_name=name,
        region_name=region,
        fiscal_year=year,
        kind=kind,
        scope=scope,
        part=part,
        is_template=template,
        is_account=account,
        account_reason=(template_evidence if template else "") if account else account_evidence,
        evidence=evidence,
    )


def _gather(pages: Sequence[Page], link: LinkFacts) -> _Sources:
    by_page = [printed_lines(page) for page in pages]
    cover, cover_page = None, 0
    for printed in [lines for lines in by_page if lines][:_COVER_PAGES]:
        cover, cover_page = cover_title(printed), printed[0].page
        if cover is not None:
            break
    lines = [line for printed in by_page for line in printed]
    headings = [(line.page, title) for line in lines if (title := heading_title(line.key)) is not None]
    return _Sources(
        lines=lines,
        cover=cover,
        cover_page=cover_page,
        headings=headings,
        captions=[*_line_captions(lines), *_cell_captions(pages)],
        titles=table_titles(lines),
        link=parse_title(key_of(link.link_title), whole=False) if link.link_title else None,
    )


# --- captions -----------------------------------------------------------------------------------------------


@functools.cache
def _caption_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    labels = metadata_words().labels
    label = f"(?:(?P<department>{either(labels.department)})|(?P<unit>{either(labels.unit)}))"
    end = either(metadata_words().label_end)
    return re.compile(f"(?:^|[)）表]){label}:(?P<name>.+?)(?={end}|$)"), re.compile(f"{label}:?")


def _line_captions(lines: Iterable[PrintedLine]) -> Iterable[Caption]:
    in_line, _ = _caption_patterns()
    for line in lines:
        found = in_line.search(line.key) if ":" in line.key else None
        if found is not None:
            yield from _caption(line.page, found, found["name"], not line.in_grid)


def _cell_captions(pages: Sequence[Page]) -> Iterable[Caption]:
    _, alone = _caption_patterns()
    for number, left, right in labelled_cells(pages):
        found = alone.fullmatch(left)
        if found is not None:
            yield from _caption(number, found, right, False)


def _caption(page: int, label: re.Match[str], printed: str, outside: bool) -> Iterable[Caption]:
    name = clean_name(printed)
    if is_name(name.text):
        scope = "department" if label["department"] else "unit"
        yield Caption(page, name.text, scope, name.head, outside and page == 1)


# --- readers of one field from one source -------------------------------------------------------------------


def _from_cover(field: str) -> Callable[[_Sources], Found[T] | None]:
    def read(sources: _Sources) -> Found[T] | None:
        value = getattr(sources.cover, field, None)
        return None if value is None else Found(value, f"title on page {sources.cover_page}: '{_title(sources)}'")

    return read


def _title(sources: _Sources) -> str:
    return sources.cover.text if sources.cover else ""


def _from_link(field: str) -> Callable[[_Sources], Found[T] | None]:
    def read(sources: _Sources) -> Found[T] | None:
        value = getattr(sources.link, field, None)
        return None if value is None or sources.link is None else Found(value, f"link: '{sources.link.text}'")

    return read


def _from_headings(field: str) -> Callable[[_Sources], Found[T] | None]:
    def read(sources: _Sources) -> Found[T] | None:
        votes = [(getattr(title, field), page, title.text) for page, title in sources.headings]
        return _majority(((v, p, w) for v, p, w in votes if v is not None), "heading")

    return read


def _majority(votes: Iterable[tuple[T, int, str]], what: str) -> Found[T] | None:
    """The value most often stated, the first of equals, with its first page and words."""
    listed = list(votes)
    if not listed:
        return None
    value, times = Counter(v for v, _, _ in listed).most_common(1)[0]
    page, words = next((p, w) for v, p, w in listed if v == value)
    others = sorted({str(v) for v, _, _ in listed if v != value})
    against = f", against {', '.join(others[:3])}" if others else ""
    return Found(value, f"{what} on page {page}: '{words[:60]}' ({times} of {len(listed)}{against})")


def _name_from_cover_caption(sources: _Sources) -> Found[str] | None:
    return _majority(((c.name, c.page, c.name) for c in sources.captions if c.on_cover), "caption")


def _name_from_captions(sources: _Sources) -> Found[str] | None:
    return _majority(((c.name, c.page, c.name) for c in sources.captions), "caption")


def _name_from_overview(sources: _Sources) -> Found[str] | None:
    """第一部分上海市普陀区财政局概况."""
    words = metadata_words()
    ending = re.compile(either(words.heading_words) + r"[.\d]*$")
    votes = []
    for line in sources.lines:
        start = re.search(words.heading, line.key)
        name = clean_name(ending.sub("", line.key[start.end() :])) if start and ending.search(line.key) else None
        if name is not None and is_name(name.text):
            votes.append((name.text, line.page, line.key))
    return _majority(votes, "heading")


def _name_from_text(sources: _Sources) -> Found[str] | None:
    """The body that most clauses are about: 某局所属2个预算单位, 2026年某局机关运行经费 …"""
    words = metadata_words()
    clause = re.compile(rf"(?:20\d\d年度?)?(?P<name>[一-龥()]{{4,30}}?)(?:\({either(['本级', '本部'])}\))?{either(words.clause_cues)}")
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
    best = _majority(votes, "running text")
    return best if best and sum(v == best.value for v, _, _ in votes) >= _LEAST_MENTIONS else None


def _name_from_page_headers(sources: _Sources) -> Found[str] | None:
    """Lines elsewhere that are a title by themselves (苏州市审计局2026年度部门预算公开)."""
    return _majority(((t.name, page, t.text) for page, t in _plain_titles(sources) if t.name), "page header")


def _plain_titles(sources: _Sources) -> list[tuple[int, Title]]:
    kinds = re.compile(either(metadata_words().title.budget + metadata_words().title.final))
    lines = (line for line in sources.lines if 8 <= len(line.key) <= 40 and kinds.search(line.key) and YEAR.search(line.key))
    return [(line.page, title) for line in lines if (title := parse_title(line.key)) is not None]


def _year_from_tables(sources: _Sources) -> Found[int] | None:
    alone = re.compile(r"\(?" + YEAR.pattern + r"\)?")
    votes = [(int(m[1]), t.page, t.key) for t in sources.titles if (m := YEAR.search(t.key))]
    votes += [(int(m[1]), line.page, line.key) for line in sources.lines if (m := alone.fullmatch(line.key))]
    return _majority(votes, "table title")


def _year_from_text(sources: _Sources) -> Found[int] | None:
    words = metadata_words()
    cue = re.compile(f"(?<!{words.year_not_after})" + r"(?<!\d)(20[0-4]\d)年度?" + either(words.year_cues))
    lines = (line for line in sources.lines if not line.in_grid)
    return _majority(((int(m[1]), line.page, line.key) for line in lines for m in cue.finditer(line.key)), "running text")


def _kind_from_tables(sources: _Sources) -> Found[str] | None:
    final, budget = (re.compile(either(w)) for w in (metadata_words().title.final, metadata_words().title.budget))
    votes = [
        ("final" if final.search(t.key) else "budget", t.page, t.key)
        for t in sources.titles
        if final.search(t.key) or budget.search(t.key)
    ]
    return _majority(votes, "table title")


def _scope_from_tables(sources: _Sources) -> Found[str] | None:
    """部门收支总表, 2026年预算单位财务收支预算总表."""
    title = metadata_words().title
    who = re.compile(rf"(?:(?P<department>{either(title.department)})|{either(title.unit)})(?:财务)?(?:收支|收入|支出)(?:预算|决算|总)")
    found = ((who.search(t.key), t) for t in sources.titles)
    return _majority((("department" if m["department"] else "unit", t.page, t.key) for m, t in found if m), "table title")


def _scope_from_captions(sources: _Sources) -> Found[str] | None:
    return _majority((("head" if c.head else c.scope, c.page, c.name) for c in sources.captions), "caption")


def _scope_from_own_words(sources: _Sources) -> Found[str] | None:
    own = metadata_words().own_words
    votes = [
        (scope, line.page, line.key)
        for line in sources.lines
        for scope, word in (("department", own.department), ("unit", own.unit))
        if word in line.key
    ]
    return _majority(votes, "running text")



_YEAR_READERS: list[Callable[[_Sources], Found[int] | None]] = [
    _from_cover("year"), _from_headings("year"), _year_from_tables, _year_from_text, _from_link("year")
]  # fmt: skip
_KIND_READERS: list[Callable[[_Sources], Found[str] | None]] = [
    _from_cover("kind"), _from_headings("kind"), _kind_from_tables, _from_link("kind")
]  # fmt: skip
_SCOPE_READERS: list[Callable[[_Sources], Found[str] | None]] = [
    _from_cover("scope"), _from_headings("scope"), _from_link("scope"), _scope_from_tables, _scope_from_captions,
    _scope_from_own_words,
]  # fmt: skip
_NAME_READERS: list[Callable[[_Sources], Found[str] | None]] = [
    _from_cover("name"), _name_from_cover_caption, _name_from_page_headers, _from_headings("name"), _name_from_overview,
    _name_from_captions, _from_link("name"), _name_from_text,
]  # fmt: skip


# --- account or not -----------------------------------------------------------------------------------------


def _is_account(pages: Sequence[Page], sources: _Sources) -> tuple[bool, str]:
    """Whether the document is a department's budget or final account, and why."""
    if is_image(pages):
        return True, "the pages have no text, so nothing speaks against it"
    if sources.cover is not None:
        return True, f"title on page {sources.cover_page}: '{sources.cover.text}'"
    if sources.headings:
        page, title = sources.headings[0]
        return True, f"heading on page {page}: '{title.text}'"
    tables = [title for title in sources.titles if title.account]
    if len({title.key for title in tables}) >= _ENOUGH_TABLES:
        return True, f"official tables from page {tables[0].page} on: '{tables[0].key}'"
    return False, (
        "no title, section heading or official table of a department's budget or final account was found; "
        + other_document(sources.lines)
    )
