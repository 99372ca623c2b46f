"""Document metadata against the corpus's answer key, where the corpus is at hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from pipelines.extract.metadata import LinkFacts, read_metadata
from pipelines.extract.pages.reader import read_page

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no corpus of real documents at {CORPUS}")
FIELDS = {
    "region": "region_name",
    "department": "department_name",
    "year": "fiscal_year",
    "kind": "kind",
    "scope": "scope",
    "part": "part",
}
# One department's printed variants, which the registry joins.
ALIASES = {"江苏省委办公厅": "中共江苏省委办公厅", "中国共产党江苏省委员会办公厅": "中共江苏省委办公厅"}
# Where the key cannot be met: a scan says nothing of itself, and a text that announces its tables as an attachment,
# printing none, is a narrative.
EXCEPTIONS = {("beijing/beijing-11.pdf", "kind"), ("beijing/beijing-11.pdf", "scope"), ("xian/xian-04.pdf", "part")}


def rows(name: str) -> list[dict[str, str]]:
    path = CORPUS / name
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())) if path.exists() else []


LINKS = {row["file"]: LinkFacts(row["link_title"], row["portal_region"]) for row in rows("links.csv")}
ACCOUNTS = [row for row in rows("manifest.csv") if not row["file"].startswith("negative/")]
FAMILIES = sorted({row["file"].split("/")[0] for row in ACCOUNTS})


@pytest.mark.parametrize("family", FAMILIES)
def test_metadata_equals_the_key(family: str) -> None:
    wrong = []
    for row in (r for r in ACCOUNTS if r["file"].startswith(f"{family}/")):
        pdf = pdfium.PdfDocument(CORPUS / row["file"])
        found = read_metadata([read_page(pdf, i) for i in range(len(pdf))], LINKS.get(row["file"], LinkFacts()))
        assert found.is_account and not found.is_template, found.account_reason
        for column, field in FIELDS.items():
            value = getattr(found, field)
            text = "" if value is None else ALIASES.get(str(value), str(value))
            if text != row[column] and (row["file"], column) not in EXCEPTIONS:
                wrong.append((row["file"], column, row[column], text, found.evidence[field]))
    assert wrong == []
