"""Publishing: whole or not at all, with every rule of the contracts in the file."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.contracts import CONTRACTS
from pipelines.errors import BuildError
from pipelines.settings import Home
from pipelines.warehouse import publish as publishing
from pipelines.warehouse.models import load_models, of_kind
from pipelines.warehouse.publish import current_build, list_builds, publish
from pipelines.warehouse.query import query
from pipelines.warehouse.run import parquet_file, write_table
from tests.unit.warehouse.conftest import rows_of

MODELS = load_models()
DEPARTMENT = CONTRACTS["core.dim_department"]


def rename_department(home: Home, name: str) -> None:
    rows = rows_of(DEPARTMENT.name, {"department_key": "d", "name": name})
    write_table(DEPARTMENT.frame(rows), DEPARTMENT, home.parquet)


def test_a_build_holds_all_tables_views_and_what_made_it(home: Home) -> None:
    published = publish(home, MODELS)
    assert published.changed
    assert published.build == current_build(home)
    assert published.build.documents == 1
    names = query(home.warehouse, "select schema_name || '.' || table_name from duckdb_tables()").to_series()
    assert set(names) == set(CONTRACTS)
    assert query(home.warehouse, 'select * from zh."文件处理结果"').columns[0] == "文件名"
    assert query(home.warehouse, "select count(*) from meta.column_lineage where \"schema\" = 'mart'").item() > 50


def test_each_check_runs_as_it_is_on_the_published_file(home: Home) -> None:
    publish(home, MODELS)
    for check in of_kind(MODELS, "check"):
        assert {"lhs", "rhs", "tolerance", "verdict"} <= set(query(home.warehouse, check.sql).columns), check.name


def test_equal_inputs_give_no_new_build(home: Home) -> None:
    first = publish(home, MODELS).build
    again = publish(home, MODELS)
    assert not again.changed
    assert again.build == first
    assert len(list_builds(home)) == 1


def test_the_file_enforces_the_contracts_and_opens_in_older_clients(home: Home) -> None:
    path = publish(home, MODELS).build.path
    assert path.is_file()
    with duckdb.connect(path, read_only=True) as connection:
        comment = connection.execute(
            "select comment from duckdb_columns() where table_name = 'figure' and column_name = 'amount_yuan'"
        ).fetchone()
        tags = connection.execute("select tags from duckdb_databases() where database_name like 'juesuan%'").fetchone()
    assert comment is not None and comment[0].startswith("金额（元）.")
    assert tags is not None and "v1.2.0" in str(tags[0])
    copy = path.with_name("copy.duckdb")
    copy.write_bytes(path.read_bytes())
    insert = "insert into core.dim_fund values (?, ?, ?)"
    with duckdb.connect(copy) as connection:
        connection.execute(insert, ["gpb", "一般公共预算", "general public budget"])
        for bad in (["gpb", "重复", "again"], ["lottery", "彩票", "lottery"], ["all", None, "all"]):
            with pytest.raises(duckdb.ConstraintException):
                connection.execute(insert, bad)


def test_a_table_that_breaks_its_contract_leaves_the_published_build(home: Home) -> None:
    before = publish(home, MODELS).build
    broken = DEPARTMENT.frame(rows_of(DEPARTMENT.name, {"department_key": "d"}, {"department_key": "d"}))
    broken.write_parquet(parquet_file(home.parquet, DEPARTMENT.name))
    with pytest.raises(BuildError, match="the published one stays"):
        publish(home, MODELS)
    assert current_build(home) == before
    assert [path.name for path in home.builds.iterdir()] == [before.path.name]


def test_a_missing_table_is_named(home: Home) -> None:
    parquet_file(home.parquet, "prov.conflict").unlink()
    with pytest.raises(BuildError, match=r"prov\.conflict"):
        publish(home, MODELS)


def test_the_last_builds_are_kept(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    builds = []
    for number in range(4):
        rename_department(home, f"第{number}局")
        monkeypatch.setattr(publishing, "_now", lambda number=number: publishing.dt.datetime(2026, 1, 1 + number))
        builds.append(publish(home, MODELS, keep=2).build.build_id)
    assert [build.build_id for build in list_builds(home)] == builds[:1:-1]


def _publish_until_killed(home: Home, moment: str) -> None:
    """Publish in a process of its own and die without warning just before `moment`."""
    original = getattr(publishing, moment)

    def die(*arguments: object) -> None:
        if moment == "_validate":
            Path(f"{arguments[0]}.wal").write_text("left behind")
        os.kill(os.getpid(), signal.SIGKILL)
        original(*arguments)

    setattr(publishing, moment, die)
    publish(home, MODELS)


@pytest.mark.parametrize("moment", ["_write", "_validate", "_flush", "_point"])
def test_killed_at_any_moment_the_published_build_stays_and_the_next_publish_cleans_up(home: Home, moment: str) -> None:
    before = publish(home, MODELS).build
    rename_department(home, "审计局")
    process = multiprocessing.get_context("fork").Process(target=_publish_until_killed, args=(home, moment))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert current_build(home) == before
    assert query(home.warehouse, "select name from core.dim_department").item() == "财政局"

    after = publish(home, MODELS)
    assert after.changed
    assert query(home.warehouse, "select name from core.dim_department").item() == "审计局"
    assert all(path.name.startswith("juesuan-") for path in home.builds.iterdir())
    assert sorted(path.name for path in home.root.iterdir()) == ["builds", "juesuan.duckdb", "parquet"]


def test_readers_see_the_old_build_or_the_new_one_and_never_an_error(home: Home) -> None:
    publish(home, MODELS)
    seen: set[str] = set()
    errors: list[Exception] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                seen.add(query(home.warehouse, "select name from core.dim_department").item())
            except Exception as error:  # any error at all is the finding
                errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(4):
        rename_department(home, f"第{number}局")
        publish(home, MODELS)
        time.sleep(0.2)
    stop.set()
    for reader in readers:
        reader.join()
    assert errors == []
    assert seen <= {"财政局", *(f"第{number}局" for number in range(4))}
    assert "第3局" in seen


def test_a_home_can_be_moved(home: Home, tmp_path: Path) -> None:
    publish(home, MODELS)
    moved = Home(home.root.rename(tmp_path / "elsewhere"))
    assert current_build(moved) is not None
    assert isinstance(query(moved.warehouse, "from meta.build"), pl.DataFrame)
