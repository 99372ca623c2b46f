"""Figures of a sample changed at random: the identities must catch nearly all, and blame a misread column rightly."""

from __future__ import annotations

import hashlib

import polars as pl
import pytest

from bench.mutation import LISTS, mutate, report
from pipelines.contracts.extracted import Extracted
from pipelines.extract.document import LinkFacts, read_document
from pipelines.normalise.build import normalise
from pipelines.normalise.reference import load_reference
from pipelines.settings import RAW

SAMPLES = ("jiangsu-npc-2018-budget", "wanli-subdistrict-2025-budget")
COUNT = 120


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    documents, tables, figures = [], [], []
    for name in SAMPLES:
        path = RAW / "samples" / f"{name}.pdf"
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        reading = read_document(path, sha256, LinkFacts(), None)
        documents.append({**reading.document, "file_name": name, "file_bytes": path.stat().st_size})
        tables += reading.tables
        figures += reading.figures
    found = normalise(
        Extracted.of({"documents": documents, "tables": tables, "figures": figures}),
        load_reference(RAW / "reference"),
    )
    return {name: found[name] for name in ("prov.document", "prov.document_table", "prov.figure")}


def test_single_wrong_figures_are_caught(tables: dict[str, pl.DataFrame]) -> None:
    mutations = mutate(tables, COUNT, seed=7)
    assert len(mutations) == COUNT
    official = [one for one in mutations if one.table_id not in LISTS]
    caught = sum(one.caught for one in official)
    assert caught / len(official) >= 0.9, report(mutations)
    assert all(one.reason for one in official if not one.caught)
