"""A fault of the cell reader goes the whole way: an identity breaks, the parser is blamed, the table is not published.

The fault is made where the cell reader leaves its work, in the pages it read; everything else is a normal build.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from click.testing import Result

from bench.faults import faulty
from pipelines.extract.pages.cache import PageCache
from pipelines.settings import Home, home_at
from pipelines.warehouse.query import query

DOCUMENT = "select document_id from prov.document where fiscal_year = 2018"
SHIFTED = "columns shifted to the right"


def rebuilt(juesuan: Callable[..., Result], built: Home, folder: Path, kind: str) -> tuple[Home, int]:
    """A build of the same documents in which one table was misread, and that table's number."""
    table = query(
        built.warehouse,
        f"""select document_id, table_no, first_page from prov.document_table
            where table_id = 'T_GPB_EXP_FUNC' and document_id in ({DOCUMENT}) order by table_no limit 1""",
    ).row(0, named=True)
    home = home_at(folder / "home")
    shutil.copytree(built.root / "archive", home.root / "archive")
    shutil.copytree(built.page_cache, home.page_cache)
    pages = PageCache(home.page_cache).get(table["document_id"])
    assert pages is not None
    changed = faulty(pages, table["first_page"], 0, kind, random.Random(2))
    assert changed is not None
    PageCache(home.page_cache).put(changed)
    result = juesuan("build", "--home", home.root)
    assert result.exit_code == 0, result.output
    return home, table["table_no"]


@pytest.fixture(scope="module")
def misread(
    juesuan: Callable[..., Result],
    built: Home,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Home, int]:
    return rebuilt(juesuan, built, tmp_path_factory.mktemp("misread"), SHIFTED)


def broken(home: Home) -> pl.DataFrame:
    return query(home.warehouse, f"""
        select subject, verdict, whose_error, evidence from mart.reconciliation
        where verdict in ('minor', 'fail') and document_id in ({DOCUMENT})
    """)  # fmt: skip


def facts(home: Home, where: str) -> set[tuple[object, ...]]:
    """Figures that are facts, with the table they stand in."""
    return set(query(home.warehouse, f"""
        select figure.document_id, figure.table_no, figure.page, figure.value_text, figure.column_path
        from (select figure_id from core.fact_amount union all select figure_id from core.fact_metric) as fact
        inner join prov.figure as figure using (figure_id) where {where}
    """).rows())  # fmt: skip


def test_the_sample_was_read_rightly(built: Home) -> None:
    assert query(built.warehouse, "select * from prov.blocked_figure").is_empty()
    assert broken(built).is_empty()
    read_again = query(built.warehouse, "select sum(figures), sum(agreed), sum(unread) from prov.second_reading")
    figures, agreed, unread = read_again.row(0)
    assert figures == agreed > 0
    assert unread == 0


def test_the_parser_is_blamed(misread: tuple[Home, int]) -> None:
    found = broken(misread[0])
    assert found.height
    assert set(found["whose_error"]) == {"parser"}, found
    assert all(evidence.startswith("page ") for evidence in found["evidence"])


def test_the_table_is_not_published_and_the_others_are(misread: tuple[Home, int], built: Home) -> None:
    home, table = misread
    here = f"figure.document_id in ({DOCUMENT}) and figure.table_no = {table}"
    assert facts(built, here)
    assert not facts(home, here)
    assert facts(home, f"not coalesce({here}, false)") >= facts(built, f"not coalesce({here}, false)")
    tables = query(home.warehouse, "select distinct document_id, table_no from prov.blocked_figure")
    assert tables.height == 1
    assert tables["table_no"].item() == table


def test_the_outcome_of_the_document_tells(misread: tuple[Home, int]) -> None:
    outcome = query(misread[0].warehouse, f"""
        select reason, blocked from mart.document_outcome where document_id in ({DOCUMENT})
    """).row(0, named=True)  # fmt: skip
    assert outcome["blocked"] > 0
    assert "two readings differ: page" in outcome["reason"]


def test_no_mart_leads_to_a_figure_of_the_table(misread: tuple[Home, int]) -> None:
    home, _ = misread
    trend = query(home.warehouse, """
        select trend.figure_id from mart.three_public_trend as trend
        inner join prov.blocked_figure as blocked using (figure_id)
    """)  # fmt: skip
    assert trend.is_empty()
