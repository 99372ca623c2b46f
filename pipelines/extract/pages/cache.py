"""Pages as read, kept by (sha256, reader version): reading pages is nearly all of the work.

Only what is printed is cached. Tables and figures are computed from it afresh, so a new alias takes effect at once.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import msgspec

from pipelines.extract.pages.model import DocumentPages
from pipelines.files import replacing

PAGE_READER = f"juesuan-pages-6+pdfium-{version('pypdfium2')}+camelot-{version('camelot-py')}"
"""Raise the number when `layout`, `lines`, `grids`, `reader` or `page` read a page differently."""


class PageCache:
    """A folder of read documents. Entries that do not decode are treated as absent."""

    def __init__(self, root: Path) -> None:
        self._folder = root / PAGE_READER

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}.msgpack"

    def get(self, sha256: str) -> DocumentPages | None:
        """The pages of a document, None when they were not read by this reader."""
        try:
            return msgspec.msgpack.decode(self._path(sha256).read_bytes(), type=DocumentPages)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def put(self, pages: DocumentPages) -> None:
        """Keep the pages of a document; a kill in the middle leaves no partial entry."""
        with replacing(self._path(pages.sha256)) as part:
            part.write_bytes(msgspec.msgpack.encode(pages))
