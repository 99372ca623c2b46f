"""What servers do wrong, each on one small site: nothing lost, nothing fetched twice without need, a clear message."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import msgspec
import pytest
from site_on_loopback import QUICK, Site, pdf, reply, zipped

from pipelines.collect import fetch, media
from pipelines.collect.archive import Archive
from pipelines.collect.collector import Collected, Outcome
from pipelines.collect.verify import verify

Run = Callable[..., Collected]
FILE = "/files/a.pdf"


def lists(site: Site, *paths: str) -> None:
    """Put a list page that links to the files."""
    links = "".join(f'<li><a href="{path}">审计局{2020 + n}年部门预算</a></li>' for n, path in enumerate(paths))
    site.page("/list/", f"<ul>{links}</ul>", title="部门预算公开")


@pytest.fixture
def one(small: Site) -> Site:
    """A site with one PDF."""
    lists(small, FILE)
    small.file(FILE, pdf("first"))
    return small


@pytest.fixture
def only(run: Run) -> Callable[..., Outcome]:
    """Collect, and give the outcome of the one document there is."""

    def collected(site: Site, **given: object) -> Outcome:
        (outcome,) = run(site, "/list/", **given).outcomes
        return outcome

    return collected


def times(count: int, status: int, headers: dict[str, str] | None = None) -> Callable[[BaseHTTPRequestHandler], bool]:
    """Answer the first `count` requests with a status, then as if nothing had been."""
    left = [count]

    def fault(handler: BaseHTTPRequestHandler) -> bool:
        left[0] -= 1
        return left[0] >= 0 and reply(handler, status, b"", headers)

    return fault


def test_404(one: Site, only: Callable[..., Outcome]) -> None:
    one.pages.pop(FILE)
    outcome = only(one)
    assert outcome.what == "failed" and "not there (status 404)" in outcome.reason
    assert one.asked[FILE] == 1


def test_403(one: Site, only: Callable[..., Outcome]) -> None:
    one.faults[FILE] = times(9, 403)
    assert "status 403" in only(one).reason
    assert one.asked[FILE] == 1


def test_robots_are_obeyed(one: Site, only: Callable[..., Outcome]) -> None:
    one.robots = "User-agent: *\nDisallow: /files/\n"
    assert "robots.txt asks programs not to fetch" in only(one).reason
    assert one.asked[FILE] == 0


def test_while_robots_fail_nothing_is_asked(one: Site, run: Run) -> None:
    one.faults["/robots.txt"] = times(99, 500)
    done = run(one, "/list/")
    assert done.failed and "robots.txt could not be read" in done.pages_failed[0].reason
    assert set(one.asked) == {"/robots.txt"}


def test_crawl_delay_sets_the_pace(one: Site, run: Run) -> None:
    one.robots = "User-agent: *\nCrawl-delay: 0.2\n"
    run(one, "/list/")
    gaps = [later - earlier for earlier, later in zip(one.times[1:], one.times[2:], strict=False)]
    assert gaps and min(gaps) >= 0.19


def test_retry_after_is_waited_for(one: Site, only: Callable[..., Outcome]) -> None:
    one.faults[FILE] = times(1, 429, {"Retry-After": "1"})
    began = time.monotonic()
    assert only(one).what == "new"
    assert time.monotonic() - began >= 1 and one.asked[FILE] == 2


def test_a_retry_after_that_is_too_long_ends_the_attempts(one: Site, only: Callable[..., Outcome]) -> None:
    one.faults[FILE] = times(9, 429, {"Retry-After": "86400"})
    assert "asked too often" in only(one).reason
    assert one.asked[FILE] == 1


def test_500_twice_then_success(one: Site, only: Callable[..., Outcome]) -> None:
    one.faults[FILE] = times(2, 500)
    assert only(one).what == "new"
    assert one.asked[FILE] == 3


def test_500_for_ever(one: Site, only: Callable[..., Outcome], archive: Archive) -> None:
    one.faults[FILE] = times(99, 502)
    assert "answered 502 each time" in only(one).reason
    assert one.asked[FILE] == QUICK.attempts
    lines = archive.folder.joinpath("manifest.jsonl").read_text().count('"failed"')
    only(one)
    assert archive.folder.joinpath("manifest.jsonl").read_text().count('"failed"') == lines == 1


def test_a_stalled_body(one: Site, only: Callable[..., Outcome], archive: Archive) -> None:
    def stall(handler: BaseHTTPRequestHandler) -> bool:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"%PDF-1.4")
        handler.wfile.flush()
        time.sleep(1)
        return True

    one.faults[FILE] = stall
    assert "No answer for 0.5 s" in only(one, limits=msgspec.structs.replace(QUICK, attempts=2)).reason
    assert not archive.entries() and not list(archive.folder.rglob("*.part"))


def test_a_body_that_drips_for_ever(one: Site, only: Callable[..., Outcome]) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> bool:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(20):
            handler.wfile.write(b"%")
            handler.wfile.flush()
            time.sleep(0.1)
        return True

    one.faults[FILE] = drip
    assert "took more than 0.5 s" in only(one, limits=msgspec.structs.replace(QUICK, document_seconds=0.5)).reason


def test_a_length_that_is_wrong(one: Site, only: Callable[..., Outcome], archive: Archive) -> None:
    def short(handler: BaseHTTPRequestHandler) -> bool:
        handler.send_response(200)
        handler.send_header("Content-Length", "999999")
        handler.end_headers()
        handler.wfile.write(pdf("short"))
        handler.close_connection = True
        return True

    one.faults[FILE] = short
    assert "closed the connection before all had come" in only(one).reason
    assert not archive.entries()


def test_a_redirect_loop(one: Site, only: Callable[..., Outcome]) -> None:
    one.faults[FILE] = times(99, 302, {"Location": "/files/b.pdf"})
    one.faults["/files/b.pdf"] = times(99, 302, {"Location": FILE})
    assert "redirects in a circle" in only(one).reason
    assert one.asked[FILE] == 1


def test_a_redirect_to_another_host_needs_leave(one: Site, only: Callable[..., Outcome]) -> None:
    one.faults[FILE] = times(99, 302, {"Location": "http://files.invalid/a.pdf"})
    assert "files.invalid is not among the hosts" in only(one).reason


@pytest.mark.parametrize("target", ["10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:192.168.0.1]", "2130706433"])
def test_a_redirect_to_a_private_address(
    one: Site, only: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    really = fetch.is_public
    # The site itself lies on loopback: only it counts as public here.
    monkeypatch.setattr(fetch, "is_public", lambda host: host == "127.0.0.1" or really(host))
    monkeypatch.setattr(fetch, "is_public_address", lambda address: address == "127.0.0.1")
    one.faults[FILE] = times(99, 302, {"Location": f"http://{target}/latest"})
    assert "private or reserved network" in only(one, allow_private=False, files_elsewhere=True).reason


def test_the_start_page_itself_may_not_be_private(one: Site, run: Run) -> None:
    done = run(one, "/list/", allow_private=False)
    assert "private or reserved network" in done.pages_failed[0].reason and not one.asked


def test_a_name_that_answers_from_elsewhere_than_it_resolved_to(
    one: Site, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "is_public", lambda host: True)
    done = run(one, "/list/", allow_private=False)
    assert "private or reserved network" in done.pages_failed[0].reason


def test_other_schemes_are_no_links(small: Site, run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "a.pdf"
    secret.write_bytes(pdf("secret"))
    lists(small, f"file://{secret}", "ftp://127.0.0.1/a.pdf", "javascript:alert(1)", "data:application/pdf,x")
    assert run(small, "/list/").outcomes == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<html><title>页面不存在</title>您访问的页面不存在</html>", "An error page (页面不存在)"),
        ("<html><title>统一身份认证</title><input type='password'></html>", "A login page"),
        ("<html><body>别的</body></html>", "An HTML page came instead of the file"),
        ("", "The file is empty"),
    ],
)
def test_200_with_something_else(
    one: Site, only: Callable[..., Outcome], archive: Archive, body: str, said: str
) -> None:
    one.pages[FILE] = ("application/pdf", body.encode())
    outcome = only(one)
    assert outcome.what == "failed" and said in outcome.reason
    assert not archive.entries()


def test_a_replaced_pdf_is_a_revision(one: Site, only: Callable[..., Outcome], archive: Archive) -> None:
    first = only(one).sha256
    one.file(FILE, pdf("second"))
    again = only(one)
    assert again.what == "revision"
    by_digest = {entry.sha256: entry for entry in archive.entries()}
    assert (by_digest[again.sha256].supersedes, by_digest[again.sha256].revision_no) == (first, 2)
    assert by_digest[first].supersedes is None and archive.path(first).read_bytes() == pdf("first")


def test_without_validators_new_bytes_are_seen_and_the_same_are_stored_once(small: Site, run: Run) -> None:
    path = small.file("/novalidators/a.pdf", pdf("first"))
    lists(small, path)
    whats = [run(small, "/list/").outcomes[0].what for _ in range(2)]
    small.file(path, pdf("second"))
    assert [*whats, run(small, "/list/").outcomes[0].what] == ["new", "unchanged", "revision"]


def test_a_vanished_pdf_stays_in_the_archive(one: Site, only: Callable[..., Outcome], archive: Archive) -> None:
    first = only(one).sha256
    one.pages.pop(FILE)
    outcome = only(one)
    assert outcome.what == "vanished" and "What was fetched before stays" in outcome.reason
    assert [entry.sha256 for entry in archive.entries()] == [first] and archive.path(first).exists()


def test_a_pdf_no_page_links_to_any_more_is_asked_for_still(one: Site, only: Callable[..., Outcome]) -> None:
    only(one)
    lists(one)
    one.file(FILE, pdf("second"))
    assert only(one).what == "revision"


def test_the_same_bytes_at_two_addresses_are_one_document(small: Site, run: Run, archive: Archive) -> None:
    lists(small, small.file("/files/a.pdf", pdf("same")), small.file("/files/b.pdf", pdf("same")))
    assert [outcome.what for outcome in run(small, "/list/").outcomes] == ["new", "known"]
    sources = [event.source.url for event in archive.events() if event.event == "fetched" and event.source]
    assert len(archive.entries()) == 1 and len(sources) == 2


def test_a_size_bomb(one: Site, only: Callable[..., Outcome], archive: Archive) -> None:
    import gzip

    def bomb(handler: BaseHTTPRequestHandler) -> bool:
        return reply(handler, 200, gzip.compress(b"%PDF-1.4" + b"\0" * 50_000_000), {"Content-Encoding": "gzip"})

    one.faults[FILE] = bomb
    limits = msgspec.structs.replace(QUICK, document_bytes=1 << 20)
    assert "more than the 1 MB that are taken" in only(one, limits=limits).reason
    assert not list(archive.folder.rglob("*.part"))


def test_a_zip_bomb(small: Site, run: Run, archive: Archive) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("bomb.pdf", b"%PDF-1.4" + b"\0" * 20_000_000)
        opened.writestr("good.pdf", pdf("good"))
    lists(small, small.file("/files/a.zip", stream.getvalue()))
    outcomes = {outcome.what: outcome for outcome in run(small, "/list/").outcomes}
    assert f"more than {media.MAX_RATIO} times its size" in outcomes["failed"].reason
    assert [entry.file_name for entry in archive.entries()] == ["a.zip/good.pdf"]


def test_a_zip_with_too_many_members(small: Site, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "MAX_MEMBERS", 3)
    lists(small, small.file("/files/a.zip", zipped({f"{n}.pdf": pdf(str(n)) for n in range(5)})))
    whats = [outcome.what for outcome in run(small, "/list/").outcomes]
    assert whats == ["new"] * 3 + ["failed"] * 2


def test_a_broken_zip(small: Site, run: Run, archive: Archive) -> None:
    lists(small, small.file("/files/a.zip", zipped({"a.pdf": pdf("a")})[:-30]))
    outcomes = run(small, "/list/").outcomes
    assert any("broken zip" in outcome.reason for outcome in outcomes)
    assert verify(archive).sound


HOSTILE = ("../../../../tmp/evil.pdf", "..\\..\\evil.pdf", "/etc/evil.pdf", "C:\\evil.pdf", "a\nb.pdf", "‮fdp.exe",
           "CON.pdf", "x" * 500 + ".pdf")  # fmt: skip


def test_hostile_names_choose_no_path(small: Site, run: Run, archive: Archive, tmp_path: Path) -> None:
    members = {name: pdf(name) for name in HOSTILE if name.endswith(".pdf")}
    lists(small, small.file("/files/a.zip", zipped(members)), small.file("/files/..%2f..%2fevil.pdf", pdf("u")),
          small.file("/down?file=x", pdf("header")))  # fmt: skip
    small.headers["/down"] = {"Content-Disposition": 'attachment; filename="../../../evil\x08.pdf"'}
    run(small, "/list/")
    written = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert all(len(path.stem) == 64 or path.name == "manifest.jsonl" for path in written)
    assert len(archive.entries()) >= len(members) and verify(archive).sound
    assert all(not set("\n\x08‮") & set(entry.file_name) for entry in archive.entries())


class Stopped(BaseException):
    """As a kill would, it passes by every handler."""


def test_a_stop_in_the_middle_then_resume(site: Site, run: Run, archive: Archive) -> None:
    seen = []

    def stop(outcome: Outcome) -> None:
        seen.append(outcome)
        if len(seen) == 40:
            raise Stopped

    with pytest.raises(Stopped):
        run(site, on_outcome=stop)
    assert len(archive.entries()) >= 38
    before = dict(site.asked)
    done = run(site)
    assert done.resumed
    assert {entry.sha256 for entry in archive.entries()} and done.count("unchanged") >= 38
    again = [path for path, count in site.asked.items() if before.get(path) and count > before[path]]
    assert set(again) <= {"/robots.txt", "/purchase.html", *list(before)[-1:]}


def test_a_kill_loses_nothing(site: Site, archive: Archive, run: Run, tmp_path: Path) -> None:
    """The command itself, killed by the system in the middle."""
    slow = tmp_path / "slow.yaml"
    slow.write_text(f"start: [{site.start}]\nlimits: {{seconds_between_requests: 0.02}}\n")
    home = tmp_path / "home"
    juesuan = Path(sys.executable).with_name("juesuan")
    command = [juesuan, "collect", slow, "--allow-private", "--home", home]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    killed = Archive(home / "archive")
    deadline = time.monotonic() + 30
    while len(killed.entries()) < 10 and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert 10 <= len(killed.entries()) < 103
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    run(site)
    assert [entry.sha256 for entry in killed.entries()] == [entry.sha256 for entry in archive.entries()]
    assert verify(killed).sound


def test_a_host_that_does_not_answer(one: Site, run: Run) -> None:
    one.close()
    done = run(one, "/list/")
    assert done.failed and "cannot be reached" in done.pages_failed[0].reason


def test_a_portal_that_suddenly_yields_nothing_raises_an_alarm(one: Site, run: Run, archive: Archive) -> None:
    run(one, "/list/")
    held = [entry.sha256 for entry in archive.entries()]
    one.page("/list/", "维护中", title="系统维护")
    one.pages.pop(FILE)
    done = run(one, "/list/")
    assert done.alarm and done.failed and [entry.sha256 for entry in archive.entries()] == held
