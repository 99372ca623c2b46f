"""Files that are never half written, and digests of what they hold.

Only plumbing on files belongs here; where they lie is `pipelines.settings`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

PART_SUFFIX = ".part"


@contextlib.contextmanager
def part_in(folder: Path) -> Iterator[Path]:
    """Yield a new temporary file in `folder`, created where missing; the block may rename it, else it is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=PART_SUFFIX, dir=folder)
    os.close(handle)
    part = Path(name)
    part.chmod(0o644)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path that takes the name `path` when the block ends without error.

    Killed at any moment, `path` holds what it held before or all that is new. The folder is created where missing.
    """
    with part_in(path.parent) as part:
        yield part
        part.replace(path)


def remove_parts(folder: Path) -> None:
    """Remove what killed processes left half written below `folder`; call it only while nobody else writes there."""
    for part in folder.rglob(f".*{PART_SUFFIX}"):
        part.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, in hex; the file is streamed."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digest_of(parts: Iterable[str]) -> str:
    """One sha256 over several texts, in the order given; no two different lists share it."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode()
        total.update(len(data).to_bytes(8, "big"))
        total.update(data)
    return total.hexdigest()
