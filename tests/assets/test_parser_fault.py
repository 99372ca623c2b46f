"""A fault of the cell reader goes the whole way: an identity breaks, the parser is blamed, the table is not published.

The fault is made where the cell reader leaves its work, in the pages it read; everything else is a normal build.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable

import polars as pl
import pytest
from click.testing import Result

from bench.faults import faulty
from pipelines.extract.pages.cache import PageCache
from pipelines.settings import RAW, Home, home_at
from pipelines.warehouse.query import query

SAMPLE = RAW / "samples" / "putuo-finance-bureau-2024-final.pdf"
SHIFTED = "columns shifted to the right"


@pytest.fixture(scope="module")
def clean(juesuan: Callable[..., Result], tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The warehouse of one document, read rightly."""
    home = home_at(tmp_path_factory.mktemp("clean"))
    result = juesuan("build", SAMPLE, "--home", home.root)
    assert result.exit_code == 0, result.output
    return home


@pytest.fixture(scope="module")
def misread(juesuan: Callable[..., Result], clean: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, int]:
    """A build of the same document in which one table was misread, and that table's number."""
    document, table, page = query(
        clean.warehouse,
        "select document_id, table_no, first_page from prov.document_table where table_id = 'T_EXP'",
    ).row(0)
    home = home_at(tmp_path_factory.mktemp("misread") / "home")
    shutil.copytree(clean.root / "archive", home.root / "archive")
    pages = PageCache(clean.page_cache).get(document)
    assert pages is not None
    changed = faulty(pages, page, 0, SHIFTED, random.Random(2))
    assert changed is not None
    PageCache(home.page_cache).put(changed)
    result = juesuan("build", "--home", home.root)
    assert result.exit_code == 0, result.output
    return home, table


def broken(home: Home) -> pl.DataFrame:
    return query(home.warehouse, """
        select subject, verdict, whose_error, evidence from mart.reconciliation
        where verdict in ('minor', 'fail')
    """)  # fmt: skip


def facts(home: Home, where: str) -> set[tuple[object, ...]]:
    """Figures that are facts, with the table they stand in."""
    return set(query(home.warehouse, f"""
        select figure.document_id, figure.table_no, figure.page, figure.value_text, figure.column_path
        from (select figure_id from core.fact_amount union all select figure_id from core.fact_metric) as fact
        inner join prov.figure as figure using (figure_id) where {where}
    """).rows())  # fmt: skip


def test_the_sample_was_read_rightly(clean: Home) -> None:
    assert query(clean.warehouse, "select * from prov.blocked_figure").is_empty()
    assert set(broken(clean)["whose_error"]) <= {"publisher"}
    read_again = query(clean.warehouse, "select sum(figures), sum(agreed), sum(unread) from prov.second_reading")
    figures, agreed, unread = read_again.row(0)
    assert figures == agreed > 0
    assert unread == 0


def test_the_parser_is_blamed_and_the_publisher_for_his_own_only(misread: tuple[Home, int], clean: Home) -> None:
    before, after = broken(clean), broken(misread[0])
    new = after.join(before, on="subject", how="anti")
    assert new.height
    assert set(new["whose_error"]) == {"parser"}, new
    assert all(evidence.startswith("page ") for evidence in new["evidence"])
    assert set(after.join(new, on="subject", how="anti")["whose_error"]) <= {"publisher"}


def test_the_table_is_not_published_and_the_others_are(misread: tuple[Home, int], clean: Home) -> None:
    home, table = misread
    here = f"coalesce(figure.table_no, 0) = {table}"
    assert facts(clean, here)
    assert not facts(home, here)
    assert facts(home, f"not {here}") >= facts(clean, f"not {here}")
    tables = query(home.warehouse, "select distinct document_id, table_no from prov.blocked_figure")
    assert tables.height == 1
    assert tables["table_no"].item() == table


def test_the_outcome_of_the_document_tells(misread: tuple[Home, int]) -> None:
    outcome = query(misread[0].warehouse, "select reason, blocked from mart.document_outcome").row(0, named=True)
    assert outcome["blocked"] > 0
    assert re.search(r"two readings differ: \d+, such as page \d", outcome["reason"])


def test_no_mart_leads_to_a_figure_of_the_table(misread: tuple[Home, int]) -> None:
    home, _ = misread
    trend = query(home.warehouse, """
        select trend.figure_id from mart.three_public_trend as trend
        inner join prov.blocked_figure as blocked using (figure_id)
    """)  # fmt: skip
    assert trend.is_empty()
