"""A digest of everything a build starts from, so that a build with nothing to do can be told without doing it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from pipelines.collect.archive import Archive
from pipelines.files import digest_of, sha256_of
from pipelines.settings import RAW, ROOT, SQL

ENGINES = ("camelot-py", "playa-pdf", "pypdfium2", "polars", "duckdb")
"""Libraries whose version can change a figure."""


def sources_digest(archive: Archive) -> str:
    """The digest of the registered documents and their link facts, the code, the catalogue, raw data and SQL."""
    files = (f"{path.relative_to(ROOT).as_posix()} {sha256_of(path)}" for path in _files())
    return digest_of([archive.digest(), *(f"{name} {version(name)}" for name in ENGINES), *files])


def _files() -> Iterator[Path]:
    for folder, suffixes in (
        (ROOT / "assets", {".py"}),
        (ROOT / "pipelines", {".py", ".yaml"}),
        (RAW / "reference", {".csv", ".yaml"}),
        (RAW / "corrections", {".yaml"}),
        (SQL, {".sql"}),
    ):
        yield from sorted(path for path in folder.rglob("*") if path.suffix in suffixes)
