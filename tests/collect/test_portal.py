"""A whole portal from its bare address: what is found, what is not asked for, and what a second run does."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import msgspec
from site_on_loopback import QUICK, Site, pdf

from pipelines.collect.archive import Archive
from pipelines.collect.collector import Collected


def test_the_documents_are_found_and_hardly_anything_else(
    site: Site, archive: Archive, run: Callable[..., Collected]
) -> None:
    run(site)
    wanted = {sha256(content).hexdigest() for content in (*site.documents.values(), *site.inside.values())}
    held = {entry.sha256 for entry in archive.entries()}
    assert len(wanted & held) >= 0.98 * len(wanted)
    assert len(held - wanted) <= 0.05 * len(held)
    assert not [path for path in site.asked if "news" in path or "calendar" in path or "wap" in path or "sid" in path]


def test_a_second_run_asks_conditionally_and_stores_nothing(
    site: Site, archive: Archive, run: Callable[..., Collected]
) -> None:
    first = run(site)
    lines = [event for event in archive.events() if event.event != "walked"]
    site.asked.clear()
    again = run(site)
    assert again.count("unchanged") == again.documents and again.documents >= first.documents - 3
    assert [event for event in archive.events() if event.event != "walked"] == lines
    # All but robots.txt and a page that is not there.
    assert site.conditional.total() == site.asked.total() - 2


def test_one_year_and_only_it(site: Site, archive: Archive, run: Callable[..., Collected]) -> None:
    run(site, years=[2024])
    assert archive.partitions() == ["test.2024"]
    assert {entry.partition for entry in archive.entries()} == {"test.2024"} and len(archive.entries()) >= 25


def test_a_dry_run_fetches_no_document(site: Site, archive: Archive, run: Callable[..., Collected]) -> None:
    done = run(site, dry_run=True)
    assert done.count("found") == done.documents > 90
    assert not archive.entries() and not [path for path in site.documents if site.asked[path]]


def test_who_asks_is_said(site: Site, run: Callable[..., Collected]) -> None:
    run(site)
    assert all(agent.startswith("juesuan/") for agent in site.agents)


def test_a_listing_without_end_is_left(small: Site, run: Callable[..., Collected]) -> None:
    for number in range(1, 60):
        small.page(f"/list/{number}.html", f'<a href="/list/{number + 1}.html">下一页</a><a href="/t.html">审计局</a>',
                   title="部门预算公开")  # fmt: skip
    run(small, "/list/1.html")
    assert small.asked.total() < 10


def test_the_walk_keeps_its_bounds(site: Site, run: Callable[..., Collected]) -> None:
    limits = msgspec.structs.replace(QUICK, pages=10)
    first = run(site, limits=limits)
    assert "its limit" in first.cut and first.pages == 10
    # The next walk goes on where the first ended.
    assert run(site, limits=limits).documents > first.documents


def test_hints_reach_what_no_link_does(small: Site, run: Callable[..., Collected]) -> None:
    small.page("/list/", "部门预算公开")
    for number in (1, 2):
        path = small.file(f"/f/{number}.pdf", pdf(str(number)))
        small.page(f"/l/{number}.html", f'<a href="{path}">审计局202{number}年部门预算</a>', title="部门预算公开")
    done = run(small, "/list/", pages=[small.url("/l/{page}.html")])
    assert done.count("new") == 2
