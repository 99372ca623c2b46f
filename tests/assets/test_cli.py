"""The command line: what a build leaves, what it says, and how it ends."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from click.testing import Result

from pipelines.settings import ROOT, SQL, Home, home_at
from pipelines.warehouse.query import query

RENHE = "renhe-office-2023-final.pdf"
Command = Callable[..., Result]
FIGURES = "select figure_id, document_id, value, amount_yuan, subject_code, column_path from prov.figure order by all"


@pytest.fixture
def home(built: Home, tmp_path: Path) -> Home:
    """A copy of the built home."""
    shutil.copytree(built.root, tmp_path / "home", symlinks=True)
    return home_at(tmp_path / "home")


def state(home: Home) -> dict[Path, tuple[int, int]]:
    """Every file of a home with its size and time of writing."""
    return {p: (p.lstat().st_size, p.lstat().st_mtime_ns) for p in home.root.rglob("*") if not p.is_dir()}


def test_every_file_has_an_outcome_and_bad_ones_a_reason(built: Home) -> None:
    found = dict(query(built.warehouse, "select file_name, outcome from prov.document").rows())
    assert set(found) == {
        "again/copy.pdf",
        RENHE,
        "empty.pdf",
        "page.pdf",
    }  # the copy came first, the other has its bytes
    assert [found["empty.pdf"], found["page.pdf"]] == ["rejected", "rejected"]
    reasons = query(built.warehouse, "select outcome_reason || reason from prov.document where outcome = 'rejected'")
    assert reasons.height == 2
    assert all(reasons.to_series().str.len_chars() > 20)


def test_a_second_build_reads_nothing_and_writes_nothing(juesuan: Command, home: Home, folder: Path) -> None:
    before = state(home)
    for arguments in ((folder,), ()):
        result = juesuan("build", *arguments, "--home", home.root)
        assert result.exit_code == 0
        assert "Nothing to do" in result.output
    assert state(home) == before


def test_strict_ends_with_1_when_a_document_was_rejected(juesuan: Command, home: Home, folder: Path) -> None:
    assert juesuan("build", folder, "--home", home.root, "--strict").exit_code == 1


def test_a_withdrawn_document_leaves_the_facts_but_not_the_record(juesuan: Command, home: Home) -> None:
    assert juesuan("withdraw", RENHE, "--reason", "wrong folder", "--home", home.root).exit_code == 0
    assert juesuan("build", "--home", home.root).exit_code == 0
    rows = "select outcome, outcome_reason || reason as why, figures from prov.document where file_name = ?"
    (row,) = query(home.warehouse, rows.replace("?", f"'{RENHE}'")).rows(named=True)
    assert row["outcome"] == "withdrawn" and "wrong folder" in row["why"] and row["figures"] == 0


def test_links_reach_the_documents(juesuan: Command, home: Home, folder: Path) -> None:
    assert juesuan("build", folder, "--links", folder / "links.csv", "--home", home.root).exit_code == 0
    regions = query(home.warehouse, "select distinct portal_region from prov.document where outcome = 'read'")
    assert "江苏省" in regions.to_series().to_list()


def test_status_and_query_tell_of_the_build(juesuan: Command, built: Home) -> None:
    status = juesuan("status", "--home", built.root)
    assert "rejected" in status.output and "current" in status.output
    documents = juesuan("status", "--documents", "--home", built.root)
    assert all(name in documents.output for name in ("empty.pdf", "page.pdf"))
    for example in sorted((ROOT / "docs" / "examples").glob("*.sql")):
        assert juesuan("query", example, "--home", built.root).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["build", "nowhere"], "does not exist"),
        (["build"], "Nothing is registered"),
        (["build", SQL], "No PDF in"),
        (["build", "--links", ROOT / "pyproject.toml"], "--links"),
        (["build", SQL, "--workers", "0"], "0"),
        (["withdraw", "nobody.pdf"], "No document"),
        (["query", "select 1"], "no warehouse"),
        (["query", "nowhere.sql"], "no file"),
    ],
)
def test_misuse_ends_with_2_and_a_sentence(
    juesuan: Command, arguments: list[object], says: str, tmp_path: Path
) -> None:
    result = juesuan(*arguments, "--home", tmp_path / "empty")
    assert result.exit_code == 2
    assert says in result.output
    assert "Traceback" not in result.output


def test_help_imports_neither_dagster_nor_the_engines() -> None:
    script = (
        "import sys; from click.testing import CliRunner; from assets.cli import main;"
        "assert CliRunner().invoke(main, ['build', '--help']).exit_code == 0;"
        "print(sorted({'dagster', 'duckdb', 'polars', 'camelot'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_a_killed_build_is_taken_up_again_with_the_same_figures(
    juesuan: Command, built: Home, folder: Path, tmp_path: Path
) -> None:
    home = home_at(tmp_path / "home")
    command = [Path(sys.executable).with_name("juesuan"), "build", str(folder), "--home", str(home.root)]
    for awaited in (home.page_cache, home.parquet / "core"):
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _wait_for(lambda place=awaited: any(place.rglob("*.msgpack")) or any(place.glob("*.parquet")), process)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert not home.warehouse.exists()
    result = juesuan("build", folder, "--home", home.root)
    assert result.exit_code == 0, result.output
    assert query(home.warehouse, FIGURES).equals(query(built.warehouse, FIGURES))
    facts = "select * from core.fact_amount order by all"
    assert query(home.warehouse, facts).equals(query(built.warehouse, facts))


def _wait_for(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert process.poll() is None and time.monotonic() < deadline, "the build ended before it could be killed"
        time.sleep(0.005)


def test_a_failed_build_leaves_the_published_warehouse(
    juesuan: Command, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (home.warehouse.resolve(), query(home.warehouse, FIGURES))

    def broken(*_: object) -> pl.DataFrame:
        raise OSError("disk full")

    monkeypatch.setattr("assets.star.normalise", broken)
    juesuan("withdraw", RENHE, "--home", home.root)
    result = juesuan("build", "--home", home.root)
    assert result.exit_code == 1
    assert "disk full" in result.output
    assert home.warehouse.resolve() == before[0] and query(home.warehouse, FIGURES).equals(before[1])


def test_one_command_at_a_time_in_a_home(juesuan: Command, home: Home) -> None:
    with home.lock.open("a") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        result = juesuan("build", "--home", home.root)
    assert result.exit_code == 1
    assert "Another juesuan command" in result.output
