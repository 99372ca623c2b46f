"""The whole way: a portal on this machine, one Dagster run, a published warehouse; and what starts such runs."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest
from click.testing import Result

sys.path.insert(0, str(Path(__file__).parents[1] / "collect"))

from site_on_loopback import Site

from assets import instance
from assets.collect import COLLECT, YIELD, disclosure_season, drop_in_folder
from assets.definitions import build_definitions, defs
from assets.partitions import NAME, UNLISTED
from assets.resources import HomeResource
from pipelines.settings import RAW, Home, home_at
from pipelines.warehouse.query import query

Command = Callable[..., Result]
SAMPLES = {
    "江苏省人大常委会办公厅2018年度部门预算": "jiangsu-npc-2018-budget.pdf",
    "仁和区人民政府办公室2023年度部门决算": "renhe-office-2023-final.pdf",
}


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[tuple[Site, Home]]:
    """A portal of two articles with a sample each, described in a home of its own."""
    site, home = Site(), home_at(tmp_path)
    items = ""
    for n, (title, name) in enumerate(SAMPLES.items()):
        path = site.file(f"/att/{n}.pdf", (RAW / "samples" / name).read_bytes())
        site.article(f"/art/{n}.html", title, f'<a href="{path}">{title}.pdf</a>', source=title.split("2")[0])
        items += f'<li><a href="/art/{n}.html">{title}</a></li>'
    site.page("/list/", f"<ul>{items}</ul>", title="部门预决算公开")
    home.portals[-1].mkdir()
    (home.portals[-1] / "local.yaml").write_text(
        f"start: [{site.url('/list/')}]\nregion: 四川省\nlimits: {{seconds_between_requests: 0}}\n", encoding="utf-8"
    )
    yield site, home
    site.close()


def run(home: Home, partition: str) -> dg.ExecuteInProcessResult:
    definitions = build_definitions({"home": HomeResource(folder=str(home.root), workers=1)})
    with instance.opened(home) as opened:
        opened.add_dynamic_partitions(NAME, sorted({partition, UNLISTED}))
        return definitions.resolve_job_def(COLLECT).execute_in_process(
            instance=opened,
            partition_key=partition,
            run_config={"ops": {"raw__listing": {"config": {"allow_private": True}}}},
            raise_on_error=False,
        )


def test_one_run_goes_from_the_portal_to_the_published_warehouse(portal: tuple[Site, Home]) -> None:
    _, home = portal
    done = run(home, "local.2023")
    assert done.success
    found = query(home.warehouse, 'select "partition", outcome, published_on, publisher, source_url from prov.document')
    ((partition, outcome, published_on, publisher, url),) = found.rows()
    assert (partition, published_on, publisher) == ("local.2023", "2025-02-11", "仁和区人民政府办公室")
    assert outcome in ("read", "read_partly") and url.endswith("/att/1.pdf")
    (check,) = [one for one in done.get_asset_check_evaluations() if one.check_name == YIELD]
    assert check.passed


def test_a_day_of_publication_is_explained_by_the_page_that_states_it(
    portal: tuple[Site, Home], juesuan: Command
) -> None:
    site, home = portal
    assert run(home, "local.2023").success
    found = juesuan("explain", "coverage.days_after_first", "仁和区", "--home", home.root)
    assert found.exit_code == 0, found.output
    assert re.search("days_after_first +0 ", found.output) and "stands on the web page, not in the file" in found.output
    assert f"2025-02-11 · {site.url('/att/1.pdf')}" in found.output
    page = re.search(r"the day stands on (\S+), as seen on [-0-9]+: (.+)", found.output)
    assert page and page[1] == site.url("/art/1.html")
    assert "2025-02-11" in Path(page[2]).read_bytes().decode("utf-8", errors="replace")
    score = juesuan("explain", "disclosure_quality.timeliness", "仁和区", "--home", home.root).output
    assert re.search("approved_on +–", score) and "raw/reference/approvals.csv" in score


def test_the_command_line_goes_the_same_way(portal: tuple[Site, Home], juesuan: Command) -> None:
    site, home = portal
    assert juesuan("collect", "local", "--allow-private", "--home", home.root).exit_code == 0
    assert juesuan("build", "--home", home.root, "--workers", 1).exit_code == 0
    facts = query(home.warehouse, "select count(distinct disclosure_key) from core.fact_amount").item()
    assert facts == 2
    asked = site.asked.total()
    assert "2 unchanged" in juesuan("collect", "local", "--allow-private", "--home", home.root).output
    assert site.conditional.total() == 5 and site.asked.total() == asked + 6
    assert juesuan("build", "--home", home.root).output.startswith("Nothing to do")
    assert "sound" in juesuan("verify", "--home", home.root).output


def test_verify_tells_of_a_file_that_was_altered(portal: tuple[Site, Home], juesuan: Command) -> None:
    _, home = portal
    juesuan("collect", "local", "--allow-private", "--home", home.root)
    victim = next(home.archive.rglob("*.pdf"))
    victim.write_bytes(b"%PDF-1.4 altered")
    result = juesuan("verify", "--home", home.root)
    assert result.exit_code == 1 and f"Altered: {victim.relative_to(home.archive)}" in result.output


def test_in_season_each_portal_is_asked_for_this_year_and_the_last(portal: tuple[Site, Home]) -> None:
    _, home = portal
    with instance.opened(home) as empty:
        context = dg.build_schedule_context(
            instance=empty, scheduled_execution_time=dt.datetime(2026, 2, 3, tzinfo=dt.UTC)
        )
        requests = list(disclosure_season(context, home=HomeResource(folder=str(home.root))))
        keys = [request.partition_key for request in requests]
        assert {"local.2025", "local.2026"} <= set(keys)
        assert set(keys) <= set(empty.get_dynamic_partitions(NAME))


def test_the_drop_in_folder_starts_a_run_once_its_files_are_whole(tmp_path: Path) -> None:
    home = home_at(tmp_path)
    resource = HomeResource(folder=str(home.root))
    with dg.DagsterInstance.ephemeral() as empty:

        def tick(cursor: str | None) -> dg.SensorResult:
            context = dg.build_sensor_context(instance=empty, cursor=cursor, definitions=defs)
            result = drop_in_folder(context, home=resource)
            assert isinstance(result, dg.SensorResult)
            return result

        assert not tick(None).run_requests
        home.inbox.mkdir()
        dropped = home.inbox / "a.pdf"
        shutil.copy(RAW / "samples" / "renhe-office-2023-final.pdf", dropped)
        os.utime(dropped)
        assert not tick(None).run_requests
        os.utime(dropped, (1, 1))
        first = tick(None)
        assert first.run_requests and first.run_requests[0].partition_key == UNLISTED
        assert not tick(first.cursor).run_requests
    assert run(home, UNLISTED).success
    assert query(home.warehouse, "select file_name from prov.document").rows() == [("a.pdf",)]
