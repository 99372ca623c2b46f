"""Reads a document's metadata: each field from the first source that states it, with the evidence.

Sources, in order: the cover's title, captions on the cover, section headings, captions and titles of tables,
running text, the words of the link. The file name is no source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from pipelines.collect.links import LinkFacts
from pipelines.extract.metadata.fields import (
    KIND_READERS,
    NAME_READERS,
    SCOPE_READERS,
    YEAR_READERS,
    kind_from_sections,
    year_from_text,
)
from pipelines.extract.metadata.model import DocumentMetadata
from pipelines.extract.metadata.names import merge_region, region_of
from pipelines.extract.metadata.nature import is_template, other_document, part_of
from pipelines.extract.metadata.sources import Found, Sources, gather
from pipelines.extract.metadata.titles import is_other
from pipelines.extract.pages.model import Page

T = TypeVar("T")
_ENOUGH_TABLES = 2
_FIRST_LINES = 4


def read_metadata(pages: Sequence[Page], link: LinkFacts) -> DocumentMetadata:
    """What the document says it is. Never raises; what is not stated is None with the reason in `evidence`."""
    sources = gather(pages, link)
    part, part_evidence = part_of(pages, sources.lines, sources.titles)
    template, template_evidence = is_template(sources.lines, sources.cover is not None and sources.cover.placeholder)
    account, account_evidence = _is_account(sources, part)
    evidence = {"part": part_evidence, "is_template": template_evidence or "no stand-ins outnumber figures"}
    evidence["is_account"] = account_evidence
    evidence["title"] = f"page {sources.cover_page}" if sources.cover else "no page begins with a title of an account"

    def pick(field: str, readers: Iterable[Callable[[Sources], Found[T] | None]], nowhere: str) -> T | None:
        found = next((f for reader in readers if (f := reader(sources)) is not None), None) if account else None
        evidence[field] = found.evidence if found else (nowhere if account else "not read: the document is no account")
        return found.value if found else None

    silent = "the pages have no text and the link does not say" if part == "image" else "no page and no link states it"
    year = pick("fiscal_year", YEAR_READERS, silent)
    kind = pick("kind", KIND_READERS, silent)
    scope = pick("scope", SCOPE_READERS, silent)
    name = pick("department_name", [] if template else NAME_READERS, "a blank form names none" if template else silent)
    region, evidence["region_name"] = merge_region(region_of(name) if name else None, link.portal_region)
    return DocumentMetadata(
        title=sources.cover.text if sources.cover else None,
        department_name=name,
        region_name=region,
        fiscal_year=year,
        kind=kind,
        scope=scope,
        part=part if account else None,
        is_template=template,
        is_account=account,
        account_reason=(template_evidence if template else "") if account else account_evidence,
        evidence=evidence,
    )


def _is_account(sources: Sources, part: str | None) -> tuple[bool, str]:
    """Whether the document is a department's budget or final account, and why."""
    if part == "image":
        return True, "the pages have no text, so nothing speaks against it"
    if sources.cover is not None:
        return True, f"title on page {sources.cover_page}: '{sources.cover.text}'"
    if sources.headings:
        page, title = sources.headings[0]
        return True, f"heading on page {page}: '{title.text}'"
    tables = [title for title in sources.titles if title.account]
    about = "".join(line.key for line in sources.lines[:_FIRST_LINES])
    if is_other(about):
        return False, f"no department's own account by its title; {other_document(sources.lines)}"
    if len({title.key for title in tables}) >= _ENOUGH_TABLES:
        return True, f"official tables from page {tables[0].page} on: '{tables[0].key}'"
    text = year_from_text(sources)
    if text is not None and kind_from_sections(sources) is not None:
        return True, text.evidence
    if part == "performance" and (sources.captions or sources.link):
        return True, "performance targets of a department"
    return False, (
        "no title, section heading or official table of a department's budget or final account was found; "
        + other_document(sources.lines)
    )
