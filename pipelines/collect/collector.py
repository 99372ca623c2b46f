"""From a portal to the archive: walk, fetch, tell what came, keep it, and write down where it came from.

Each file is kept and noted before the next is asked for, so a stop at any moment loses nothing.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

import msgspec

from pipelines.collect import media
from pipelines.collect.addresses import DOCUMENT, file_name, identity
from pipelines.collect.archive import Archive, Event
from pipelines.collect.fetch import Failure, Fetched, Fetcher, Validators
from pipelines.collect.links import LinkFacts
from pipelines.collect.pages import PageFacts, read_page
from pipelines.collect.portals import Portal
from pipelines.collect.provenance import Source
from pipelines.collect.walk import Bounds, Found, walk
from pipelines.collect.webcache import Journal, StoredPage, WebCache, validators_in
from pipelines.files import digest_of, part_in, sha256_of

What = Literal["new", "revision", "known", "unchanged", "failed", "vanished", "found"]


class Outcome(msgspec.Struct, frozen=True):
    """What became of one document of the portal."""

    what: What
    url: str
    title: str = ""
    sha256: str = ""
    reason: str = ""


class Collected(msgspec.Struct):
    """What a walk brought."""

    portal: str
    outcomes: list[Outcome] = []
    pages: int = 0
    pages_failed: list[Failure] = []
    requests: int = 0
    cut: str = ""
    """What ended the walk before the end of the links, '' where it is complete."""
    resumed: bool = False
    alarm: str = ""
    """Why the yield is suspicious; nothing was changed because of it."""

    def count(self, what: What) -> int:
        return sum(outcome.what == what for outcome in self.outcomes)

    @property
    def failed(self) -> bool:
        """Whether nothing at all could be reached, or the yield is suspicious; single failures are rows."""
        return bool(self.alarm) or (not self.outcomes and bool(self.pages_failed))

    @property
    def documents(self) -> int:
        """Documents the portal showed, whether they came or not."""
        return sum(outcome.what != "vanished" for outcome in self.outcomes)


class _Known(msgspec.Struct):
    """What the manifest has about one address."""

    sha256: str = ""
    source: Source | None = None
    gone: bool = False


def collect(
    portal: Portal,
    archive: Archive,
    cache: WebCache,
    fetcher: Fetcher,
    *,
    years: Collection[int] = (),
    dry_run: bool = False,
    on_outcome: Callable[[Outcome], None] = lambda outcome: None,
) -> Collected:
    """Walk a portal and take its documents into the archive; with `dry_run` only say what would be fetched.

    A known document is asked for again with the validators its server gave. New bytes at a known address are a
    revision. What vanished stays in the archive, with a note. An earlier walk that was stopped goes on.
    """
    return _Collector(portal, archive, cache, fetcher, years, dry_run, on_outcome).run()


class _Collector:
    def __init__(self, portal: Portal, archive: Archive, cache: WebCache, fetcher: Fetcher, years: Collection[int],
                 dry_run: bool, on_outcome: Callable[[Outcome], None]) -> None:  # fmt: skip
        self._portal, self._archive, self._cache, self._fetcher = portal, archive, cache, fetcher
        self._years, self._dry_run, self._on_outcome = years, dry_run, on_outcome
        self._journal = Journal(cache.folder / f"{portal.name}.{'-'.join(map(str, sorted(years))) or 'all'}.walk")
        self._events = list(archive.events())
        self._known = _by_identity(self._events)
        self._digests = {event.sha256 for event in self._events if event.sha256}
        self._result = Collected(portal.name, resumed=self._journal.resumed)
        self._asked: set[str] = set()
        self._bounds = Bounds()

    def run(self) -> Collected:
        bounds = self._bounds
        for found in walk(self._portal, self._read, bounds, self._years):
            self._asked.add(identity(found.url))
            if self._dry_run:
                self._tell(Outcome("found", found.url, found.title))
            elif found.is_page:
                self._keep_page(found)
            else:
                self._take(found)
        self._result.cut, self._result.pages = bounds.cut, bounds.pages
        if not bounds.cut:
            if not self._dry_run:
                self._ask_for_unlinked()
            self._journal.finish()
        self._result.requests = self._fetcher.requests
        self._result.alarm = self._alarm()
        if not self._dry_run:
            self._archive.note("walked", "", Source(self._portal.name, self._portal.start[0]),
                               documents=self._result.documents, reason=self._result.alarm)  # fmt: skip
        return self._result

    def _tell(self, outcome: Outcome) -> None:
        self._result.outcomes.append(outcome)
        self._on_outcome(outcome)

    def _read(self, url: str) -> PageFacts | None:
        """A page from its server, or as stored where that confirms it or it was read before a stop."""
        stored = self._cache.get(url)
        if stored is None or url not in self._journal.done:
            limits = self._portal.limits
            self._bounds.pages += 1
            with part_in(self._cache.folder) as part:
                got = self._fetcher.fetch(url, part, limits.page_bytes, known=stored.validators if stored else None,
                                          allowed=self._portal.allows_page)  # fmt: skip
                if isinstance(got, Failure):
                    self._result.pages_failed.append(got)
                    return None
                if got.not_modified and stored is not None:
                    self._journal.add(url)
                elif media.media_type(part) == media.PDF:
                    # A link that did not look like one to a file.
                    self._keep(got, part, Found(url, file_name(url), PageFacts(url), None))
                    return None
                else:
                    stored = StoredPage(url, got.final_url, got.headers, part.read_bytes())
                    self._cache.put(stored)
                    self._journal.add(url)
        assert stored is not None
        return read_page(stored.body, stored.final_url, _charset(stored.headers))

    def _take(self, found: Found) -> None:
        """Ask for one document and keep what comes."""
        known = self._known.get(identity(found.url), _Known())
        if found.url in self._journal.done and known.sha256:
            self._tell(Outcome("unchanged", found.url, found.title, known.sha256))
            return
        validators = _validators(known, self._archive)
        with part_in(self._archive.folder) as part:
            got = self._fetcher.fetch(found.url, part, self._portal.limits.document_bytes, known=validators,
                                      allowed=self._portal.allows_file)  # fmt: skip
            if isinstance(got, Failure):
                self._fail(found, got.problem, got.reason, known, status=got.status)
            elif got.not_modified:
                self._tell(Outcome("unchanged", found.url, found.title, known.sha256))
                self._journal.add(found.url)
            else:
                self._keep(got, part, found)
                self._journal.add(found.url)

    def _fail(self, found: Found, problem: str, reason: str, known: _Known, *, status: int | None = None) -> None:
        """Note a failure once, not again with each run that finds the same."""
        source = self._source(found, status=status)
        gone = problem == "not_found" and known.sha256
        last = self._last_failure(source.identity)
        if last != reason:
            self._archive.note("vanished" if gone else "failed", known.sha256, source, reason=reason)
        self._tell(Outcome("vanished" if gone else "failed", found.url, found.title, known.sha256, reason))

    def _last_failure(self, key: str) -> str | None:
        """The reason noted last for an address, where nothing has come of it since."""
        for event in reversed(self._events):
            if event.source is not None and event.source.identity == key:
                return event.reason if event.event in ("failed", "vanished") else None
        return None

    def _keep(self, got: Fetched, part: Path, found: Found) -> None:
        kind = media.media_type(part)
        source = self._source(found, got, kind)
        known = self._known.get(source.identity, _Known())
        if kind == media.EMPTY:
            self._fail(found, "refused", "The file is empty (0 bytes). Report it to the portal.", known)
            return
        if kind == media.HTML:
            self._fail(found, "refused", media.page_instead(part), known)
            return
        name = _shown_name(got, found)
        if kind == media.ZIP and self._keep_members(part, got, found, source, name):
            source = msgspec.structs.replace(source, is_document=False)
        self._note(part, got.sha256, got.size, found, source, name, told=source.is_document)

    def _note(self, part: Path, sha256: str, size: int, found: Found, source: Source, name: str, *,
              told: bool = True) -> None:  # fmt: skip
        """Keep bytes, and write down where they came from unless that is known."""
        known = self._known.get(source.identity, _Known())
        what: What = "unchanged"
        if known.sha256 != sha256 or known.gone:
            self._archive.keep(part, sha256, media.SUFFIXES.get(source.media_type, ".bin"))
            self._archive.note("fetched", sha256, source, file_name=name, file_bytes=size)
            changed = known.sha256 not in ("", sha256)
            what = "revision" if changed else "known" if sha256 in self._digests else "new"
        self._known[source.identity] = _Known(sha256, source)
        self._digests.add(sha256)
        if told:
            self._tell(Outcome(what, found.url, f"{found.title} {source.member}".strip(), sha256))

    def _keep_members(self, part: Path, got: Fetched, found: Found, source: Source, name: str) -> int:
        """Take the PDFs out of a zip; how many there were."""
        taken = 0
        try:
            for member, chunks in media.pdf_members(part):
                inside = msgspec.structs.replace(source, member=member.name, media_type=media.PDF)
                if member.problem:
                    self._fail_member(inside, found, f"{member.name} in {name} was not taken: {member.problem}.")
                    continue
                with part_in(self._archive.folder) as unpacked:
                    with unpacked.open("wb") as stream:
                        for chunk in chunks:
                            stream.write(chunk)
                    title = _stem(member.name)
                    link = msgspec.structs.replace(inside.link, link_title=f"{title} {found.title}".strip())
                    inside = msgspec.structs.replace(inside, link=link, media_type=media.media_type(unpacked))
                    size = unpacked.stat().st_size
                    self._note(unpacked, sha256_of(unpacked), size, found, inside, f"{name}/{member.name}")
                    taken += 1
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            self._fail_member(source, found, f"{name} is a broken zip: {error}. What could be taken out was.")
        return taken

    def _fail_member(self, source: Source, found: Found, reason: str) -> None:
        if self._last_failure(source.identity) != reason:
            self._archive.note("failed", "", source, reason=reason)
        self._tell(Outcome("failed", found.url, f"{found.title} {source.member}".strip(), "", reason))

    def _keep_page(self, found: Found) -> None:
        """An article with tables is a document; counters of visits change its bytes, so its tables' text decides."""
        stored = self._cache.get(found.url)
        if stored is None:
            return
        content = digest_of([found.page.title, found.page.tables])
        source = msgspec.structs.replace(self._source(found), media_type=media.HTML, content=content)
        known = self._known.get(source.identity, _Known())
        with part_in(self._archive.folder) as part:
            part.write_bytes(stored.body)
            sha256 = sha256_of(part)
            if known.source is not None and known.source.content == content:
                sha256 = known.sha256
            self._note(part, sha256, len(stored.body), found, source, f"{found.title}.html")

    def _ask_for_unlinked(self) -> None:
        """Ask for this portal's documents that no page links to any more: gone, replaced, or still there."""
        for key, known in list(self._known.items()):
            source = known.source
            if source is None or source.portal != self._portal.name or source.member or known.gone:
                continue
            if identity(source.url) in self._asked or source.media_type == media.HTML:
                continue
            if self._years and source.listing_year not in (*self._years, None):
                continue
            page = PageFacts(source.page, title=source.page_title, publisher=source.link.publisher)
            self._take(Found(source.url, source.link.link_title, page, source.listing_year))
            self._asked.add(key)

    def _source(self, found: Found, got: Fetched | None = None, kind: str = "", status: int | None = None) -> Source:
        page = found.page
        link = LinkFacts(
            found.title, self._portal.region, page.published.date().isoformat() if page.published else "",
            page.publisher or self._portal.publisher, found.url,
        )  # fmt: skip
        return Source(
            self._portal.name, found.url, got.final_url if got else "", got.status if got else status,
            got.headers if got else {}, kind, link, page.url, page.title, found.listing_year,
        )  # fmt: skip

    def _alarm(self) -> str:
        """Whether the portal shows far less than before, or than a person counted."""
        before = next((event.documents or 0 for event in reversed(self._events) if event.event == "walked"
                       and event.source is not None and event.source.portal == self._portal.name
                       and not event.reason), 0)  # fmt: skip
        expected = sum(self._portal.expected.get(year, 0) for year in self._years or self._portal.expected)
        shown = self._result.documents
        if shown < before / 2 and not self._years:
            return f"The portal showed {shown} documents, and {before} the last time. Nothing was removed; look at it."
        if shown < expected / 2:
            return f"The portal showed {shown} documents, where its YAML expects {expected}."
        return ""


def _by_identity(events: Collection[Event]) -> dict[str, _Known]:
    found: dict[str, _Known] = {}
    for event in events:
        if event.source is None:
            continue
        if event.event == "fetched":
            found[event.source.identity] = _Known(event.sha256, event.source)
        elif event.event == "vanished" and event.source.identity in found:
            found[event.source.identity].gone = True
    return found


def _validators(known: _Known, archive: Archive) -> Validators | None:
    """What to ask a known document with; nothing where its bytes are no longer in the archive."""
    if known.source is None or not archive.path(known.sha256).exists():
        return None
    return validators_in(known.source.headers)


def _charset(headers: dict[str, str]) -> str | None:
    _, _, name = headers.get("content-type", "").partition("charset=")
    return name.strip(" \"'").split(";")[0] or None


def _shown_name(got: Fetched, found: Found) -> str:
    """A name for people: the server's, else the address's, else the link's words. Nothing is written under it."""
    given = _disposition(got.headers.get("content-disposition", ""))
    address = file_name(got.final_url)
    name = given or (address if DOCUMENT.search(address) else "") or found.title
    name = media.shown(name.replace("\\", "/")).rsplit("/", 1)[-1]
    return name[:200] or "unnamed"


def _disposition(header: str) -> str:
    """The file name of a Content-Disposition: RFC 5987, or percent-encoded, or raw bytes in UTF-8 or GBK."""
    extended = re.search(r"filename\*\s*=\s*([\w-]+)'[^']*'([^;]+)", header, re.I)
    if extended:
        try:
            return unquote(extended[2].strip(), encoding=extended[1])
        except LookupError:
            return unquote(extended[2].strip())
    plain = re.search(r"filename\s*=\s*(?:\"([^\"]*)\"|([^;]+))", header, re.I)
    if plain is None:
        return ""
    name = unquote((plain[1] or plain[2] or "").strip())
    for charset in ("utf-8", "gb18030"):
        try:
            return name.encode("latin-1").decode(charset)
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return name


def _stem(name: str) -> str:
    return re.sub(r"\.pdf$", "", name.replace("\\", "/").rsplit("/", 1)[-1], flags=re.I)


def failures(collected: Collected) -> Iterator[tuple[str, str]]:
    """Addresses nothing came of, with the reason; pages first."""
    yield from ((failure.url, failure.reason) for failure in collected.pages_failed)
    yield from ((one.url, one.reason) for one in collected.outcomes if one.what in ("failed", "vanished"))
