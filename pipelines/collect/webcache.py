"""Pages as last fetched, and how far a walk came: what lets a second run ask only for what has changed.

All of it can be deleted at any time; the next walk then fetches every page again.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec

from pipelines.collect.fetch import Validators
from pipelines.files import digest_of, replacing

RESUMED_FOR = dt.timedelta(hours=24)
"""A walk that stopped longer ago begins anew: what it saw then may have changed."""


class StoredPage(msgspec.Struct, frozen=True):
    """One page with what its server gave to revalidate it."""

    url: str
    final_url: str
    headers: dict[str, str]
    body: bytes

    @property
    def validators(self) -> Validators:
        return validators_in(self.headers)


def validators_in(headers: dict[str, str]) -> Validators:
    """What the headers of an answer allow to ask later."""
    return Validators(headers.get("etag", ""), headers.get("last-modified", ""))


class WebCache:
    """The pages of all portals below one folder, a file each by the digest of its address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, url: str) -> StoredPage | None:
        """The page as last stored, None where it was not, or its file is broken."""
        try:
            return msgspec.msgpack.decode(self.file(url).read_bytes(), type=StoredPage)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def put(self, page: StoredPage) -> None:
        with replacing(self.file(page.url)) as part:
            part.write_bytes(msgspec.msgpack.encode(page))

    def file(self, url: str) -> Path:
        """Where the page at `url` is stored, whether it is there or not."""
        name = digest_of([url])
        return self.folder / name[:2] / f"{name}.msgpack"


class Journal:
    """The addresses a walk is done with; a walk that was killed goes on from here."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.done: set[str] = set()
        self.resumed = False
        if file.exists():
            age = dt.datetime.now().timestamp() - file.stat().st_mtime
            if age < RESUMED_FOR.total_seconds():
                # The last line may be torn; its address is then asked once more.
                self.done = set(file.read_text(encoding="utf-8", errors="replace").splitlines())
                self.resumed = bool(self.done)
            else:
                file.unlink()

    def add(self, url: str) -> None:
        self.done.add(url)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as stream:
            stream.write(f"{url}\n")

    def finish(self) -> None:
        """Forget the walk: the next one asks for everything again."""
        self._file.unlink(missing_ok=True)
