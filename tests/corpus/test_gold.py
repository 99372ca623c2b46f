"""The official tables of three hand-keyed documents, figure by figure."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.extract.document import read_document
from pipelines.extract.metadata import LinkFacts
from pipelines.words import canonical

YUAN = {"元": 1, "万元": 10_000}


@pytest.mark.parametrize("name", ["js_zhengxie_2019_tables", "putuo_czj_2024_final", "wanli_2025_budget"])
def test_every_keyed_figure_in_its_row_and_column(shared: Path, name: str) -> None:
    documents = {r["doc"]: r for r in csv.DictReader((shared / "gold/documents.csv").open(encoding="utf-8"))}
    path = shared / documents[name]["path"]
    reading = read_document(path, hashlib.sha256(path.read_bytes()).hexdigest(), LinkFacts())
    keyed = list(csv.DictReader((shared / "gold" / f"{name}.csv").open(encoding="utf-8")))
    pages = {int(row["page"]) for row in keyed}
    wanted = Counter(
        (
            int(r["page"]),
            r["code"] or canonical(r["label"]),
            canonical(r["column"]),
            r["value_text"],
            Decimal(r["value_yuan"]),
        )
        for r in keyed
    )
    found = Counter(
        (
            f["page"], f["subject_code"] or canonical(f["row_label"]), canonical(f["column_path"]), f["value_text"],
            f["value"] * YUAN[f["unit"]],
        )
        for f in reading.figures
        if f["source_kind"] == "table" and f["value"] is not None and f["page"] in pages
    )  # fmt: skip
    assert not wanted - found, "keyed figures not read"
    assert not found - wanted, "figures read that are not keyed"
