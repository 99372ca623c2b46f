"""Where a fetched file came from, as the manifest keeps it."""

from __future__ import annotations

import msgspec

from pipelines.collect.addresses import identity
from pipelines.collect.links import NO_LINK, LinkFacts

UNLISTED = "unlisted"
"""The partition of documents registered from a folder on disk rather than from a portal's listing."""
UNDATED = "undated"
"""The listing year of documents near which no year is printed."""


class Source(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fetch of one file."""

    portal: str
    url: str
    final_url: str = ""
    """The address it came from after redirects."""
    status: int | None = None
    headers: dict[str, str] = {}
    media_type: str = ""
    """By content, whatever the server says."""
    link: LinkFacts = NO_LINK
    page: str = ""
    """The page that links to it."""
    page_title: str = ""
    listing_year: int | None = None
    member: str = ""
    """Its name inside the zip at `url`; '' for the file itself."""
    is_document: bool = True
    """False for a zip whose members are the documents."""
    content: str = ""
    """Digest of what counts in it, where its bytes change with each visit."""

    @property
    def identity(self) -> str:
        """What stays the same when the bytes are replaced."""
        return f"{identity(self.url)}|{self.member}" if self.member else identity(self.url)

    @property
    def partition(self) -> str:
        """Portal and listing year."""
        return partition_of(self.portal, self.listing_year)


def partition_of(portal: str, year: int | None) -> str:
    """The partition of a portal's listing of one year."""
    return f"{portal}.{year or UNDATED}"
