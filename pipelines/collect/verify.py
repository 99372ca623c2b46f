"""Whether the archive still holds what its manifest says: every file hashed again."""

from __future__ import annotations

import msgspec

from pipelines.collect.archive import MANIFEST, Archive
from pipelines.files import PART_SUFFIX, sha256_of


class Verified(msgspec.Struct):
    """What was found wrong; all empty when the archive is sound."""

    files: int = 0
    missing: list[str] = []
    """Digests the manifest names and no file has."""
    altered: list[str] = []
    """Files whose bytes are not those of their name."""
    strange: list[str] = []
    """Files no line of the manifest knows."""

    @property
    def sound(self) -> bool:
        return not (self.missing or self.altered)


def verify(archive: Archive) -> Verified:
    """Hash every file of the archive and compare with the manifest. Changes nothing."""
    named = {event.sha256 for event in archive.events() if event.event in ("registered", "fetched")}
    found = Verified()
    held: set[str] = set()
    for path in sorted(archive.folder.rglob("*")):
        if not path.is_file() or path.name == MANIFEST or path.name.endswith(PART_SUFFIX):
            continue
        found.files += 1
        held.add(path.stem)
        name = path.relative_to(archive.folder).as_posix()
        if path.stem not in named:
            found.strange.append(name)
        elif sha256_of(path) != path.stem:
            found.altered.append(name)
    found.missing = sorted(named - held)
    return found
