"""One document from bytes to printed figures: the function that worker processes run.

Never raises for bad input: what could not be read is a status and a reason in words for a person.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pypdfium2 as pdfium

from pipelines.catalogue.tables import table_catalogue
from pipelines.contracts.extracted import Extracted
from pipelines.extract.figures import FigureIds, statement_boxes, statement_figures, table_figures
from pipelines.extract.metadata import DocumentMetadata, LinkFacts, read_metadata
from pipelines.extract.pages.cache import PAGE_READER, PageCache
from pipelines.extract.pages.grids import STOCK
from pipelines.extract.pages.model import DocumentPages, Page
from pipelines.extract.pages.preflight import Refusal, open_pdf
from pipelines.extract.pages.reader import read_page
from pipelines.extract.statements import read_statements
from pipelines.extract.tables.logical import Table, has_unruled_columns, read_tables
from pipelines.extract.tables.unruled import draw_unruled
from pipelines.extract.units import ListedUnit, read_units

EXTRACTOR = PAGE_READER


class DocumentReading(msgspec.Struct):
    """What came of reading one document: a row of `extracted_document`, rows of the other `extracted_…` contracts."""

    document: dict[str, Any]
    tables: list[dict[str, Any]]
    figures: list[dict[str, Any]]
    statement_boxes: list[dict[str, Any]] = []
    units: list[dict[str, Any]] = []

    def frames(self) -> Extracted:
        """The same as frames of the contracts."""
        return Extracted.of(msgspec.structs.asdict(self) | {"documents": [self.document]})


def read_document(path: Path, sha256: str, link: LinkFacts, cache: PageCache | None = None) -> DocumentReading:
    """Read one PDF. Pages come from the cache when they were read before."""
    pages = cache.get(sha256) if cache is not None else None
    if pages is None:
        read = _read_pages(path.read_bytes(), sha256)
        if isinstance(read, Refusal):
            return DocumentReading(document_row(sha256, link, read), [], [])
        pages = read
        if cache is not None:
            cache.put(pages)
    return _read_content(sha256, link, pages)


def document_row(sha256: str, link: LinkFacts, refusal: Refusal | None) -> dict[str, Any]:
    """A row of `extracted_document` with all that is known before pages are read.

    Its name and size are left to who knows under what name it was registered.
    """
    return {
        "document_id": sha256, "producer": "", "link_title": link.link_title, "portal_region": link.portal_region,
        "region_name": link.portal_region or None, "status": refusal.status if refusal else "read",
        "reason": refusal.reason if refusal else "", "metadata_evidence": "{}", "figures": 0, "tables_recognised": 0,
        "tables_unrecognised": 0, "pages_image_only": 0, "unconserved_tables": 0, "fallback_pages": 0,
        "extractor": EXTRACTOR,
    }  # fmt: skip


def _read_pages(content: bytes, sha256: str) -> DocumentPages | Refusal:
    pdf = open_pdf(content)
    if isinstance(pdf, Refusal):
        return pdf
    try:
        producer = pdf.get_metadata_dict().get("Producer", "")
        return DocumentPages(sha256, PAGE_READER, [read_page(pdf, i, content) for i in range(len(pdf))], producer)
    except pdfium.PdfiumError as error:
        return Refusal("broken", f"A page of the PDF cannot be loaded ({error}). Fetch it again from its page.")
    finally:
        pdf.close()


def _read_content(sha256: str, link: LinkFacts, pages: DocumentPages) -> DocumentReading:
    image_only = [page.number for page in pages.pages if page.glyphs == 0 and page.images]
    pages = msgspec.structs.replace(pages, pages=draw_unruled(pages.pages, table_catalogue()))
    metadata = read_metadata(pages.pages, link)
    refusal = _refusal(pages.pages, image_only, metadata)
    tables: list[Table] = []
    table_rows: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    boxes: list[dict[str, Any]] = []
    units: list[dict[str, Any]] = []
    if refusal is None:
        by_number = {page.number: page for page in pages.pages}
        ids = FigureIds(sha256)
        tables = read_tables(pages.pages, table_catalogue())
        for number, table in enumerate(tables, start=1):
            found = table_figures(table, number, by_number, ids)
            table_rows.append(_table_row(sha256, number, table, found))
            figures += found
        statements = read_statements(pages.pages, fiscal_year=metadata.fiscal_year, kind=metadata.kind)
        stated = statement_figures(statements, by_number, ids)
        boxes = statement_boxes(statements, stated, by_number)
        figures += stated
        units = _unit_rows(sha256, read_units(pages.pages))
        if all(figure["value_state"] == "word" for figure in figures):
            figures, boxes = [], []  # a title or a name alone is no account
            refusal = Refusal("no_figures", "No figures were found: neither ruled tables nor known statements.")
    row = document_row(sha256, link, refusal)
    if refusal is None and (unruled := [page.number for page in pages.pages if has_unruled_columns(page)]):
        where = ", ".join(map(str, unruled))
        row["reason"] = f"amounts printed in columns without rulings were not read as a table (page {where})"
    row |= {
        "page_count": len(pages.pages),
        "producer": pages.producer,
        "title": metadata.title,
        "department_name": metadata.department_name,
        "region_name": metadata.region_name,
        "fiscal_year": metadata.fiscal_year,
        "kind": metadata.kind,
        "scope": metadata.scope,
        "part": metadata.part,
        "metadata_evidence": json.dumps(metadata.evidence, ensure_ascii=False, sort_keys=True),
        "figures": sum(figure["value_state"] != "word" for figure in figures),
        "tables_recognised": sum(table.rule is not None for table in tables),
        "tables_unrecognised": sum(table.rule is None for table in tables),
        "pages_image_only": len(image_only),
        "unconserved_tables": sum(not table.conserved for table in tables),
        "fallback_pages": sum(any(grid.engine == STOCK for grid in page.grids) for page in pages.pages),
    }
    return DocumentReading(row, table_rows, figures, boxes, units)


def _refusal(pages: Sequence[Page], image_only: Sequence[int], metadata: DocumentMetadata) -> Refusal | None:
    if not any(page.glyphs for page in pages):
        what = "images without text; reading them needs OCR" if image_only else "blank"
        return Refusal("image_only" if image_only else "no_figures", f"All {len(pages)} pages are {what}.")
    if metadata.is_template:
        return Refusal("template", "This is a blank template: its names and figures are placeholders.")
    if not metadata.is_account:
        return Refusal("unrelated", f"This is no budget or final account of a department: {metadata.account_reason}.")
    return None


def _table_row(sha256: str, number: int, table: Table, figures: Sequence[dict[str, Any]]) -> dict[str, Any]:
    values = sum(figure["value_state"] != "declared_empty" for figure in figures)
    note = table.empty_note
    empty = "declared_empty" if note is not None else "blank"
    return {
        "document_id": sha256, "table_no": number, "table_id": table.rule.id if table.rule else None,
        "table_title": table.title, "first_page": table.pages[0], "last_page": table.pages[-1], "unit": table.unit,
        "body_rows": max((row.row_no for row in table.rows), default=0), "figures": values,
        "engine": "+".join(sorted({segment.grid.engine for segment in table.segments})),
        "conserved": table.conserved, "state": "read" if values else empty,
        "empty_note": note.text if note else "", "empty_note_page": note.page.number if note else None,
        "blank_labels": "\n".join(row.label for row in table.rows if row.label and not row.values),
        "candidates": "" if table.rule else ", ".join(table_catalogue().candidates(table.title)),
    }  # fmt: skip


def _unit_rows(sha256: str, units: Sequence[ListedUnit]) -> list[dict[str, Any]]:
    return [
        {"document_id": sha256, "unit_no": number, "unit_name": unit.name, "page": unit.page,
         "source_kind": unit.source, "merged": unit.merged, "stated_units": unit.stated}
        for number, unit in enumerate(units, start=1)
    ]  # fmt: skip
