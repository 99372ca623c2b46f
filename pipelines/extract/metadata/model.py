"""The record that document metadata comes out as."""

from __future__ import annotations

import msgspec


class DocumentMetadata(msgspec.Struct, frozen=True):
    """What a document says it is. None where it does not say; `evidence` tells where each field comes from."""

    title: str | None
    """The printed title, without white space."""
    department_name: str | None
    """An official printed name, without （本级）, 部门 or a year; aliases are joined elsewhere."""
    region_name: str | None
    fiscal_year: int | None
    kind: str | None
    """'budget' (预算) or 'final' (决算)."""
    scope: str | None
    """'department' (部门, consolidated), 'unit' (单位) or 'head' (本级)."""
    part: str | None
    """'whole', 'narrative', 'tables', 'performance', or 'image' where no page has text."""
    is_template: bool
    """A form with placeholders where names and amounts belong."""
    is_account: bool
    """False for a document that is no department's budget or final account."""
    account_reason: str
    """Why it is no account or only a template, for people; '' for an account."""
    evidence: dict[str, str]
    """For each field the source, page and words it was read from, or why it is None."""
