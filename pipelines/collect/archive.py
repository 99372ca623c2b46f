"""The content-addressed store of documents, with an append-only manifest.

A document is its sha256: the same bytes under two names are one document. The manifest is a list of events, one JSON
object a line; what is registered now follows from reading it through. Nothing is ever rewritten, so a process
killed at any moment loses nothing: at most its last line is torn, and a torn line is skipped.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from pipelines.collect.links import NO_LINK, LinkFacts
from pipelines.collect.provenance import UNLISTED, Source
from pipelines.errors import UsageError
from pipelines.files import digest_of, part_in, sha256_of

MANIFEST = "manifest.jsonl"


EventKind = Literal["registered", "linked", "withdrawn", "restored", "fetched", "failed", "vanished", "walked"]


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the manifest. What was fetched from where stands in `source`."""

    event: EventKind
    sha256: str
    at: datetime
    file_name: str = ""
    file_bytes: int = 0
    link_title: str = ""
    portal_region: str = ""
    reason: str = ""
    source: Source | None = None
    documents: int | None = None
    """Of `walked`: how many documents the portal showed."""


class Entry(msgspec.Struct, frozen=True):
    """One document of the archive as it stands now."""

    sha256: str
    file_name: str
    """The name it was first registered under, relative to the folder that was given."""
    file_bytes: int
    link: LinkFacts = NO_LINK
    withdrawn: str | None = None
    """Why it was withdrawn, None while it counts."""
    media_type: str = ""
    """By content; '' for files registered from a folder, which are looked at when they are read."""
    partition: str = UNLISTED
    """Portal and listing year it was found in."""
    revision_no: int = 1
    """1 for the first bytes seen at its address, 2 for those that replaced them."""
    supersedes: str | None = None
    """sha256 of the document it replaced at its address."""


class Registration(msgspec.Struct):
    """What became of the files that were handed to `Archive.register`."""

    new: list[str] = []
    """sha256 of documents not seen before."""
    known: int = 0
    """Files whose bytes were in the archive already, or came twice."""
    relinked: int = 0
    """Known documents whose link facts changed."""
    withdrawn: list[str] = []
    """Names of files that were withdrawn before and stay so."""
    unreadable: list[str] = []
    """Files that could not be opened, with the system's words."""


class Archive:
    """The documents under one folder: `<sha256[:2]>/<sha256>.pdf` and the manifest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._manifest = folder / MANIFEST

    def path(self, sha256: str) -> Path:
        """Where the bytes of a document lie: under its digest and nothing else, with a suffix by its content."""
        plain = self.folder / sha256[:2] / f"{sha256}.pdf"
        return plain if plain.exists() else next(iter(plain.parent.glob(f"{sha256}.*")), plain)

    def entries(self) -> list[Entry]:
        """All documents, withdrawn ones included, ordered by sha256: the order of registering decides nothing."""
        found: dict[str, Entry] = {}
        latest: dict[str, Entry] = {}
        for event in self.events():
            entry = found.get(event.sha256)
            if event.event == "registered":
                link = LinkFacts(event.link_title, event.portal_region)
                found[event.sha256] = Entry(event.sha256, event.file_name, event.file_bytes, link)
            elif event.event == "fetched" and event.source is not None and event.source.is_document:
                entry = _as_fetched(event, event.source, entry, latest.get(event.source.identity))
                found[event.sha256] = latest[event.source.identity] = entry
            elif entry is None:
                continue
            elif event.event == "linked":
                link = LinkFacts(event.link_title, event.portal_region)
                found[event.sha256] = msgspec.structs.replace(entry, link=link)
            elif event.event in ("withdrawn", "restored"):
                reason = event.reason if event.event == "withdrawn" else None
                found[event.sha256] = msgspec.structs.replace(entry, withdrawn=reason)
        return sorted(found.values(), key=lambda entry: entry.sha256)

    def partitions(self) -> list[str]:
        """The portals and listing years of all documents, `unlisted` first."""
        return sorted({entry.partition for entry in self.entries()}, key=lambda name: (name != UNLISTED, name))

    def digest(self) -> str:
        """A digest of all that a build can know from the archive: documents, names, link facts, withdrawals."""
        return digest_of(msgspec.json.encode(entry).decode() for entry in self.entries())

    def register(
        self,
        files: Iterable[tuple[Path, str]],
        links: Mapping[Path, LinkFacts],
    ) -> Registration:
        """Take (path, name) pairs in; `links` is keyed by resolved path. Registering twice changes nothing.

        LinkFacts facts given for a known document replace those known before; a file without any keeps what is known.
        A withdrawn document stays withdrawn, or the next build of its folder would bring it back.
        """
        known = {entry.sha256: entry for entry in self.entries()}
        outcome = Registration()
        for path, name in files:
            link = links.get(path.resolve(), NO_LINK)
            try:
                sha256 = sha256_of(path)
                if sha256 not in known or not self.path(sha256).exists():
                    sha256 = self._store(path)
                size = self.path(sha256).stat().st_size
            except OSError as error:
                outcome.unreadable.append(f"{name}: {error.strerror or error}")
                continue
            entry = known.get(sha256)
            if entry is None:
                known[sha256] = Entry(sha256, name, size, link)
                outcome.new.append(sha256)
                self._append("registered", sha256, file_name=name, file_bytes=size, link=link)
                continue
            outcome.known += 1
            if entry.withdrawn is not None:
                outcome.withdrawn.append(name)
            if link not in (NO_LINK, entry.link):
                known[sha256] = msgspec.structs.replace(entry, link=link)
                outcome.relinked += 1
                self._append("linked", sha256, link=link)
        return outcome

    def withdraw(self, prefix: str, reason: str) -> Entry:
        """Take the document whose sha256 begins with `prefix` out of the next build; its bytes stay."""
        entry = self.find(prefix)
        if entry.withdrawn is not None:
            raise UsageError(f"{entry.file_name} ({entry.sha256[:12]}) is withdrawn already: {entry.withdrawn}")
        self._append("withdrawn", entry.sha256, reason=reason)
        return msgspec.structs.replace(entry, withdrawn=reason)

    def restore(self, prefix: str) -> Entry:
        """Undo `withdraw`."""
        entry = self.find(prefix)
        if entry.withdrawn is None:
            raise UsageError(f"{entry.file_name} ({entry.sha256[:12]}) is not withdrawn.")
        self._append("restored", entry.sha256)
        return msgspec.structs.replace(entry, withdrawn=None)

    def find(self, prefix: str) -> Entry:
        """The one document whose sha256 begins with `prefix` (six digits or more), or whose file name it is."""
        entries = self.entries()
        by_digest = [entry for entry in entries if len(prefix) >= 6 and entry.sha256.startswith(prefix.lower())]
        found = by_digest or [entry for entry in entries if entry.file_name == prefix]
        if not found:
            raise UsageError(f"No document {prefix!r} in {self.folder}: `juesuan status --documents` lists them.")
        if len(found) > 1:
            candidates = ", ".join(entry.sha256[:12] for entry in found)
            raise UsageError(f"{prefix!r} means {len(found)} documents: give one of {candidates}.")
        return found[0]

    def keep(self, part: Path, sha256: str, suffix: str) -> None:
        """Take over a file that was written in the archive's folder; known bytes are kept once."""
        target = self.path(sha256)
        if not target.exists():
            target = target.with_suffix(suffix)
            target.parent.mkdir(exist_ok=True)
            part.replace(target)

    def note(self, event: EventKind, sha256: str, source: Source | None = None, *, file_name: str = "",
             file_bytes: int = 0, reason: str = "", documents: int | None = None) -> None:  # fmt: skip
        """Add a line about something fetched, or not, to the manifest."""
        self._write(Event(event, sha256, datetime.now(UTC), file_name=file_name, file_bytes=file_bytes,
                          reason=reason, source=source, documents=documents))  # fmt: skip

    def _store(self, path: Path) -> str:
        """Copy a file in under the digest of the bytes that were copied, which is returned."""
        with part_in(self.folder) as part:
            shutil.copyfile(path, part)
            sha256 = sha256_of(part)
            target = self.path(sha256)
            target.parent.mkdir(exist_ok=True)
            part.replace(target)
        return sha256

    def events(self) -> Iterable[Event]:
        """The manifest, line by line, as it was written; torn lines are skipped."""
        if not self._manifest.exists():
            return
        for line in self._manifest.read_bytes().splitlines():
            try:
                yield msgspec.json.decode(line, type=Event)
            except msgspec.DecodeError:
                continue

    def _append(
        self,
        event: EventKind,
        sha256: str,
        *,
        link: LinkFacts = NO_LINK,
        file_name: str = "",
        file_bytes: int = 0,
        reason: str = "",
    ) -> None:
        record = Event(
            event,
            sha256,
            datetime.now(UTC),
            file_name=file_name,
            file_bytes=file_bytes,
            link_title=link.link_title,
            portal_region=link.portal_region,
            reason=reason,
        )
        self._write(record)

    def _write(self, record: Event) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._manifest.open("ab") as stream:
            # A line that a killed process left torn is ended first, so that it cannot swallow this one.
            torn = stream.tell() > 0 and not _ends_with_newline(self._manifest)
            stream.write((b"\n" if torn else b"") + msgspec.json.encode(record) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())


def _as_fetched(event: Event, source: Source, entry: Entry | None, before: Entry | None) -> Entry:
    """The entry of fetched bytes; bytes known from elsewhere stay what they are, with one source more."""
    replaced = before is not None and before.sha256 != event.sha256
    if entry is None:
        entry = Entry(event.sha256, event.file_name, event.file_bytes, source.link, media_type=source.media_type,
                      partition=source.partition)  # fmt: skip
    elif entry.link == NO_LINK:
        entry = msgspec.structs.replace(entry, link=source.link)
    if before is not None and replaced:
        entry = msgspec.structs.replace(entry, revision_no=before.revision_no + 1, supersedes=before.sha256)
    return entry


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(-1, os.SEEK_END)
        return stream.read() == b"\n"
