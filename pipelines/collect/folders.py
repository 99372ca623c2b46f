"""Finding the PDFs in what a person points at: files and folders on disk."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


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


def _walk(folder: Path) -> Iterable[Path]:
    for parent, _, names in os.walk(folder):
        yield from (Path(parent) / name for name in names)
