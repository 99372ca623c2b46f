"""Finding the PDFs in what a person points at: files and folders on disk, and the drop-in folder of a home."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path

from pipelines.collect.archive import Archive, Registration
from pipelines.collect.links import Links, read_links
from pipelines.files import digest_of

SETTLED_SECONDS = 5.0
"""A file that was changed later than this may still be being copied."""


def pdfs_in(paths: Iterable[Path]) -> list[tuple[Path, str]]:
    """The PDFs under `paths` as (path, name), each file once, in the order of their names.

    A folder gives every file below it that ends in .pdf, in whatever case, named relative to the folder; what is
    inside is looked at later, so that a file that only pretends to be a PDF gets its outcome too. A file that is
    named itself is taken whatever it ends in.
    """
    found: dict[Path, str] = {}
    for given in paths:
        if given.is_dir():
            below = sorted(path for path in _walk(given) if path.suffix.lower() == ".pdf")
            pairs = [(path, path.relative_to(given).as_posix()) for path in below]
        else:
            pairs = [(given, given.name)]
        for path, name in pairs:
            found.setdefault(path.resolve(), name)
    return sorted(found.items(), key=lambda pair: (pair[1], pair[0]))


def register_inbox(archive: Archive, inbox: Path) -> Registration:
    """Register the PDFs of the drop-in folder; a `links.csv` in it says what is known of them."""
    links_file = inbox / "links.csv"
    links = read_links(links_file, [inbox]) if links_file.is_file() else Links()
    return archive.register(pdfs_in([inbox]), links.facts)


def inbox_digest(inbox: Path) -> str | None:
    """A digest of what lies in the drop-in folder; None while there is nothing, or a file is still being written."""
    files = sorted(path for path in _walk(inbox) if path.is_file()) if inbox.is_dir() else []
    facts = [(path, path.stat()) for path in files]
    if not facts or any(time.time() - stat.st_mtime < SETTLED_SECONDS for _, stat in facts):
        return None
    return digest_of(f"{path.relative_to(inbox)} {stat.st_size} {stat.st_mtime_ns}" for path, stat in facts)


def _walk(folder: Path) -> Iterable[Path]:
    for parent, _, names in os.walk(folder):
        yield from (Path(parent) / name for name in names)
