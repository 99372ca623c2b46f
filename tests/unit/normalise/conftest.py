"""Small extracted frames to normalise: only what a test names differs from a plain figure of a plain account."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from pipelines.catalogue.tables import table_catalogue
from pipelines.contracts.extracted import FIGURE
from pipelines.contracts.extracted import Extracted as Frames
from pipelines.normalise import Reference, load_reference, normalise

Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="session")
def reference() -> Reference:
    return load_reference()


class Extracted:
    """Collects documents and figures, then normalises them."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self.documents: list[dict[str, Any]] = []
        self.tables: list[dict[str, Any]] = []
        self.figures: list[dict[str, Any]] = []
        self.units: list[dict[str, Any]] = []

    def document(self, name: str, **given: Any) -> str:
        """A read final account of a district finance bureau for 2024; returns its document_id."""
        document_id = hashlib.sha256(name.encode()).hexdigest()
        plain = {
            "document_id": document_id, "file_name": f"{name}.pdf", "file_bytes": 1, "producer": "", "link_title": "",
            "portal_region": "上海市普陀区", "status": "read", "reason": "", "department_name": "上海市普陀区财政局",
            "region_name": "上海市普陀区", "fiscal_year": 2024, "kind": "final", "scope": "department", "part": "whole",
            "metadata_evidence": "{}", "figures": 1, "tables_recognised": 1, "tables_unrecognised": 0,
            "pages_image_only": 0, "unconserved_tables": 0, "fallback_pages": 0, "extractor": "test/1",
        }  # fmt: skip
        self.documents.append(plain | given)
        return document_id

    def cell(self, document_id: str, title: str, column: str, value: str, label: str = "", **given: Any) -> str:
        """A figure of the table with that title; returns its figure_id."""
        number = next((t["table_no"] for t in self._of(document_id) if t["table_title"] == title), None)
        if number is None:
            number = len(self._of(document_id)) + 1
            rule = table_catalogue().identify(title)
            self.tables.append({
                "document_id": document_id, "table_no": number, "table_id": rule.id if rule else None,
                "table_title": title, "first_page": 1, "last_page": 1, "unit": given.get("unit", "万元"),
                "body_rows": given.pop("body_rows", 9), "figures": 1, "engine": "test", "conserved": True,
                "state": "read", "candidates": "", "empty_note": "", "blank_labels": "",
            })  # fmt: skip
        table = next(t for t in self._of(document_id) if t["table_no"] == number)
        return self._figure(
            document_id, value, table_no=number, table_id=table["table_id"], table_title=title,
            row_no=len(self.figures) + 1, row_label=label, column_path=column, source_kind="table", **given,
        )  # fmt: skip

    def statement(self, document_id: str, value: str, **given: Any) -> str:
        """A figure of running text; returns its figure_id."""
        plain = {"measure_id": "expenditure", "statement_kind": "level", "fund_source": "gpb"}
        return self._figure(document_id, value, source_kind="text", **(plain | given))

    def unit(self, document_id: str, name: str, **given: Any) -> None:
        """A unit that the document lists."""
        plain = {"document_id": document_id, "unit_no": len(self.units) + 1, "unit_name": name, "page": 5,
                 "source_kind": "text", "merged": False, "stated_units": None}  # fmt: skip
        self.units.append(plain | given)

    def read(self) -> Frames:
        """What was collected, as extraction hands it on."""
        rows = {"documents": self.documents, "tables": self.tables, "figures": self.figures, "units": self.units}
        return Frames.of(rows)

    def normalise(self) -> Tables:
        tables = normalise(self.read(), self._reference)
        assert tables["prov.quarantine"].is_empty(), tables["prov.quarantine"].rows()
        return tables

    def _of(self, document_id: str) -> list[dict[str, Any]]:
        return [table for table in self.tables if table["document_id"] == document_id]

    def _figure(self, document_id: str, value: str, **given: Any) -> str:
        figure_id = hashlib.sha256(f"{document_id}{len(self.figures)}".encode()).hexdigest()[:20]
        plain = {
            "figure_id": figure_id, "document_id": document_id, "page": 1, "table_title": "", "row_label": "",
            "label_path": "", "other_codes": "",
            "column_path": "", "value_text": value, "value": Decimal(value.replace(",", "").rstrip("%")),
            "unit": "万元", "value_state": "number", "x0": 0.0, "y0": 0.0, "x1": 1.0, "y1": 1.0, "extractor": "test/1",
        }  # fmt: skip
        names = FIGURE.polars_schema.names()
        self.figures.append(dict.fromkeys(names) | plain | given)
        return figure_id


@pytest.fixture
def extracted(reference: Reference) -> Callable[[], Extracted]:
    return lambda: Extracted(reference)
