"""Asking a server politely for one address: robots.txt, pace, retries, limits, and no way into a private network.

Every end is either a `Fetched` or a `Failure` with words for a person; nothing raises for what a server does. One
request at a time: a portal is never asked twice at once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ssl
import tempfile
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import Literal
from urllib.parse import urlsplit

import httpx
import msgspec
import stamina
from protego import Protego

from pipelines.collect.addresses import absolute, host_of, is_public, is_public_address
from pipelines.collect.portals import Limits
from pipelines.files import part_in

AGENT = "juesuan/0.1 (collects published budgets and final accounts)"
MAX_REDIRECTS = 8
ROBOTS_BYTES = 512 * 1024
KEPT_HEADERS = ("content-type", "content-length", "content-disposition", "etag", "last-modified", "date", "server")
RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})

Problem = Literal[
    "robots", "not_found", "private_address", "host_not_allowed", "too_large", "redirect_loop", "no_answer",
    "server_error", "busy", "cut_short", "refused", "out_of_time",
]  # fmt: skip


class Failure(msgspec.Struct, frozen=True):
    """Why nothing came of an address."""

    url: str
    problem: Problem
    reason: str
    """In words for a person, with what to do."""
    status: int | None = None


class Fetched(msgspec.Struct, frozen=True):
    """What a server gave."""

    url: str
    final_url: str
    status: int
    headers: dict[str, str]
    sha256: str
    size: int
    fetched_at: dt.datetime

    @property
    def not_modified(self) -> bool:
        """Whether the server confirmed what is known of the address; then there are no bytes."""
        return self.status == httpx.codes.NOT_MODIFIED

    @property
    def charset(self) -> str | None:
        """The character set the server declares."""
        _, _, name = self.headers.get("content-type", "").partition("charset=")
        return name.strip(" \"'").split(";")[0] or None


class Validators(msgspec.Struct, frozen=True):
    """What a server gave to ask it later whether an address has changed."""

    etag: str = ""
    last_modified: str = ""


class _End(Exception):
    """Ends asking for an address."""

    def __init__(self, problem: Problem, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.problem, self.reason, self.status = problem, reason, status


class _Again(_End):
    """Worth another attempt, after `wait` seconds where the server named a time."""

    wait: float | None = None


class Fetcher:
    """One client for one walk. `allow_private` lifts the ban on private networks, for tests on this machine."""

    def __init__(self, limits: Limits, *, allow_private: bool = False, user_agent: str = AGENT,
                 sleep: Callable[[float], None] = time.sleep) -> None:  # fmt: skip
        self.limits = limits
        self.requests = 0
        self._allow_private = allow_private
        self._agent = user_agent
        self._sleep = sleep
        self._next: dict[str, float] = {}
        self._robots: dict[str, Protego | Failure] = {}
        # No proxy of the environment: it would resolve names out of sight. Compressed bombs end at the byte limit.
        self._client = httpx.Client(
            headers={"User-Agent": user_agent, "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"},
            timeout=limits.timeout_seconds, trust_env=False, follow_redirects=False, verify=_tls(),
        )  # fmt: skip

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def fetch(self, url: str, into: Path, max_bytes: int, *, known: Validators | None = None,
              allowed: Callable[[str], bool] = lambda url: True) -> Fetched | Failure:  # fmt: skip
        """Write what `url` gives into the file `into`; `allowed` is asked for each address a redirect leads to."""
        try:
            for attempt in stamina.retry_context(
                on=self._wait, attempts=self.limits.attempts, timeout=None, wait_initial=self.limits.wait_seconds,
                wait_max=self.limits.longest_wait_seconds, wait_jitter=self.limits.wait_seconds,
            ):  # fmt: skip
                with attempt:
                    return self._follow(url, into, max_bytes, known or Validators(), allowed)
        except _End as end:
            return Failure(url, end.problem, end.reason, end.status)
        raise AssertionError("an attempt ends in a result or an error")

    def _wait(self, error: Exception) -> bool | float:
        """Whether another attempt is worth it, or after how many seconds where the server names a time."""
        if not isinstance(error, _Again) or error.wait is None:
            return isinstance(error, _Again)
        return error.wait if error.wait <= self.limits.longest_wait_seconds else False

    def _follow(
        self, url: str, into: Path, max_bytes: int, known: Validators, allowed: Callable[[str], bool]
    ) -> Fetched:
        asked, seen = url, {url}
        while True:
            if not allowed(asked):
                raise _End("host_not_allowed", f"{host_of(asked)} is not among the hosts of this portal; add it to "
                           "`hosts` in the portal's YAML if its pages or files belong to it.")  # fmt: skip
            self._check_robots(asked)
            got = self._ask(url, asked, into, max_bytes, known)
            if isinstance(got, Fetched):
                return got
            if got in seen or len(seen) > MAX_REDIRECTS:
                raise _End("redirect_loop", f"The server redirects in a circle, or more than {MAX_REDIRECTS} times.")
            seen.add(got)
            asked = got

    def _ask(self, url: str, asked: str, into: Path, max_bytes: int, known: Validators) -> Fetched | str:
        """One request: what it gave, or where it redirects to."""
        self._check_address(asked)
        self._keep_pace(asked)
        conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        deadline = time.monotonic() + self.limits.document_seconds
        try:
            self.requests += 1
            with self._client.stream("GET", asked, headers={k: v for k, v in conditions.items() if v}) as response:
                self._check_peer(response)
                if response.is_redirect and response.status_code != httpx.codes.NOT_MODIFIED:
                    return _redirected(asked, response)
                _check_status(response)
                digest, size = self._save(response, into, max_bytes, deadline)
        except httpx.RemoteProtocolError as error:
            raise _Again("cut_short", f"The server closed the connection before all had come ({error}).") from error
        except httpx.TimeoutException as error:
            raise _Again("no_answer", f"No answer for {self.limits.timeout_seconds:g} s. Try again later.") from error
        except (httpx.DecodingError, httpx.InvalidURL) as error:
            raise _End("refused", f"What the server sent cannot be decoded: {error}.") from error
        except httpx.HTTPError as error:
            raise _Again("no_answer", f"The server cannot be reached: {error}.") from error
        headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        return Fetched(url, asked, response.status_code, headers, digest, size, dt.datetime.now(dt.UTC))

    def _save(self, response: httpx.Response, into: Path, max_bytes: int, deadline: float) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        too_large = f"It has more than the {max_bytes >> 20} MB that are taken (`limits` in the portal's YAML)."
        length = response.headers.get("content-length", "")
        if length.isdigit() and int(length) > max_bytes:
            raise _End("too_large", too_large)
        with into.open("wb") as stream:
            # As it comes: a chunk size would wait for a chunk to fill, past the deadline.
            for chunk in response.iter_bytes():
                size += len(chunk)
                if size > max_bytes:
                    raise _End("too_large", too_large)
                if time.monotonic() > deadline:
                    raise _End("out_of_time", f"It took more than {self.limits.document_seconds:g} s to come.")
                digest.update(chunk)
                stream.write(chunk)
        return digest.hexdigest(), size

    def _check_address(self, url: str) -> None:
        if self._allow_private:
            return
        host = urlsplit(url).hostname or ""
        try:
            public = is_public(host)
        except (OSError, ValueError) as error:
            raise _Again("no_answer", f"The name {host} cannot be resolved. Is the address right?") from error
        if not public:
            raise _private(host)

    def _check_peer(self, response: httpx.Response) -> None:
        """The address that really answered: a name may resolve otherwise a moment later."""
        stream = response.extensions.get("network_stream")
        peer = stream.get_extra_info("server_addr") if stream is not None else None
        if peer and not self._allow_private and not is_public_address(str(peer[0])):
            raise _private(response.url.host)

    def _keep_pace(self, url: str) -> None:
        host = host_of(url)
        rules = self._robots.get(_origin(url))
        own = rules.crawl_delay(self._agent) if isinstance(rules, Protego) else None
        wait = self._next.get(host, 0.0) - time.monotonic()
        if wait > 0:
            self._sleep(wait)
        self._next[host] = time.monotonic() + max(self.limits.seconds_between_requests, own or 0.0)

    def _check_robots(self, url: str) -> None:
        origin = _origin(url)
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(origin)
        rules = self._robots[origin]
        if isinstance(rules, Failure) and rules.status is None:
            raise _End(rules.problem, rules.reason)
        if isinstance(rules, Failure):
            raise _End("robots", f"{origin}/robots.txt could not be read ({rules.reason}); until it can, nothing is "
                       "asked of this host.")  # fmt: skip
        if not rules.can_fetch(url, self._agent):
            raise _End("robots", f"{origin}/robots.txt asks programs not to fetch this address.")

    def _read_robots(self, origin: str) -> Protego | Failure:
        """The rules of a host: none where it has no file (4xx), all forbidden while it fails (RFC 9309, 2.3.1)."""
        with part_in(Path(tempfile.gettempdir())) as part:
            try:
                for attempt in stamina.retry_context(on=self._wait, attempts=self.limits.attempts, timeout=None,
                                                     wait_initial=self.limits.wait_seconds):  # fmt: skip
                    with attempt:
                        self._ask_robots(f"{origin}/robots.txt", part)
            except _End as end:
                if end.status is not None and 400 <= end.status < 500 and end.status != httpx.codes.TOO_MANY_REQUESTS:
                    return Protego.parse("")
                return Failure(f"{origin}/robots.txt", end.problem, end.reason, end.status)
            return Protego.parse(part.read_text(encoding="utf-8", errors="replace"))

    def _ask_robots(self, url: str, part: Path) -> None:
        for _ in range(MAX_REDIRECTS):
            got = self._ask(url, url, part, ROBOTS_BYTES, Validators())
            if isinstance(got, Fetched):
                return
            url = got
        raise _End("redirect_loop", "it redirects in a circle", 404)


def _tls() -> ssl.SSLContext:
    """The system's certificates; many sites of authorities still speak only TLS 1.2 with old renegotiation."""
    return ssl.create_default_context()


def _private(host: str) -> _End:
    return _End("private_address", f"{host} lies in a private or reserved network, which is never asked. Where that is "
                "meant, as in a test on this machine, give --allow-private.")  # fmt: skip


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _redirected(asked: str, response: httpx.Response) -> str:
    target = absolute(asked, response.headers.get("location", ""))
    if target is None:
        raise _End("refused", "The server redirects to what is no http(s) address.", response.status_code)
    return target


def _check_status(response: httpx.Response) -> None:
    status = response.status_code
    if status in (200, 304):
        return
    if status in (404, 410):
        raise _End(
            "not_found", f"The page or file is not there (status {status}). What was fetched before stays.", status
        )
    if status in RETRIED:
        often = ", for it was asked too often" if status == httpx.codes.TOO_MANY_REQUESTS else ""
        problem: Problem = "busy" if status in (429, 503) else "server_error"
        again = _Again(problem, f"The server answered {status} each time it was asked{often}. Try again later.", status)
        again.wait = _retry_after(response)
        raise again
    raise _End("refused", f"The server refuses it (status {status}).", status)


def _retry_after(response: httpx.Response) -> float | None:
    given = response.headers.get("retry-after", "").strip()
    if given.isdigit():
        return float(given)
    try:
        return max(0.0, (parsedate_to_datetime(given) - dt.datetime.now(dt.UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
