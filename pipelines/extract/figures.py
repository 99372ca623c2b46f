"""Printed figures: the rows of `extracted_figure`, from tables and from running text.

Here a value gets its stable id and its box in user space. What it means is added in `pipelines.normalise`.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from pipelines.catalogue.tables import table_catalogue
from pipelines.extract.pages.cache import PAGE_READER
from pipelines.extract.pages.model import Box, Page
from pipelines.extract.statements import Statement
from pipelines.extract.tables.codes import Codes, read_codes
from pipelines.extract.tables.logical import Table
from pipelines.extract.tables.numbers import Printed, read_number
from pipelines.extract.tables.rows import Row
from pipelines.words import squash

Figure = dict[str, Any]


class FigureIds:
    """Hands out figure ids of one document: hash of document, page, rounded box, and an ordinal for the rare ties.

    The id does not depend on what a figure means, so it outlives a better reading of its table.
    """

    def __init__(self, document_id: str) -> None:
        self.document_id = document_id
        self._seen: Counter[str] = Counter()

    def next(self, page: int, box: Box) -> str:
        key = "|".join([self.document_id, str(page), *(str(round(edge)) for edge in box)])
        ordinal = self._seen[key]
        self._seen[key] += 1
        return hashlib.sha256(f"{key}|{ordinal}".encode()).hexdigest()[:20]


def table_figures(table: Table, table_no: int, pages: Mapping[int, Page], ids: FigureIds) -> list[Figure]:
    """The figures of one table in print order; one row saying so where the table is declared empty."""
    figures: list[Figure] = []
    above: dict[int, dict[int, str]] = {}
    for row in table.rows:
        codes = read_codes(row.codes, above.setdefault(row.panel, {}))
        figures += _row_figures(table, table_no, row, codes, pages[row.page], ids)
    if not figures and table.empty_note is not None:
        page, text, box = table.empty_note
        figures.append(_figure(ids, page, box, table, table_no, value_text=text, value_state="declared_empty"))
    return figures


def _row_figures(table: Table, table_no: int, row: Row, codes: Codes, page: Page, ids: FigureIds) -> Iterable[Figure]:
    budget = table_catalogue().budget_in(table.notes) if table.notes else None
    for value in row.values:
        printed = read_number(value.text)
        if printed is None or printed.state == "blank":
            continue
        yield _figure(
            ids, page, value.box, table, table_no,
            row_no=row.row_no, row_label=row.label, subject_code=codes.subject or None,
            other_codes=codes.others_text, label_path="/".join(row.label_path),
            column_path="/".join(value.column.path), value_text=value.text, value=printed.value,
            unit=value.unit or _unit(printed, value.column.unit, table.unit), value_state=printed.state,
            stage=budget if "预算数" in squash("".join(value.column.path)) else None,
        )  # fmt: skip


def _unit(printed: Printed, column: str | None, table: str | None) -> str | None:
    """The unit nearest to the value: behind the number, in its column's header, in the line above the table."""
    if printed.unit:
        return printed.unit
    return (table if column is None else column) or None


def _figure(ids: FigureIds, page: Page, box: Box, table: Table, table_no: int, **printed: Any) -> Figure:
    return _placed(
        ids, page, box, source_kind="table", table_no=table_no, table_id=table.rule.id if table.rule else None,
        table_title=table.title, **printed,
    )  # fmt: skip


def statement_figures(statements: Iterable[Statement], pages: Mapping[int, Page], ids: FigureIds) -> list[Figure]:
    """What running text states, each with the box of its number, or word, and the sentence it stands in."""
    return [
        _placed(
            ids,
            pages[statement.page],
            statement.box,
            source_kind="text",
            value_text=statement.value_text,
            value=statement.value,
            unit=statement.unit or None,
            value_state=_state(statement.value),
            measure_id=statement.measure_id,
            statement_kind=statement.statement_kind,
            fund_source=statement.fund_source,
            nature=statement.nature,
            stage=statement.stage,
            period_year=statement.period_year,
            base=statement.base,
            breakdown=statement.breakdown,
            subject_code=statement.subject_code or None,
            subject_label=statement.subject_label,
            sentence=statement.sentence,
            span_start=statement.span[0],
            span_end=statement.span[1],
        )
        for statement in statements
    ]


def statement_boxes(
    statements: Iterable[Statement], figures: Iterable[Figure], pages: Mapping[int, Page]
) -> list[dict[str, Any]]:
    """Rows of `extracted_statement_box`; `figures` are those of `statements`, in the same order."""
    return [
        {"figure_id": figure["figure_id"], "part": part, "piece_no": number, "page": page,
         **pages[page].to_user_space(box)._asdict()}
        for statement, figure in zip(statements, figures, strict=True)
        for part, pieces in (("number", statement.number_boxes), ("sentence", statement.sentence_boxes))
        for number, (page, box) in enumerate(pieces, start=1)
    ]  # fmt: skip


def _state(value: Decimal | None) -> str:
    if value is None:
        return "word"
    return "number" if value else "zero"


def _placed(ids: FigureIds, page: Page, box: Box, **printed: Any) -> Figure:
    """A figure with its id and its box in user space."""
    place = page.to_user_space(box)
    return {
        **BLANK_FIGURE,
        "figure_id": ids.next(page.number, place),
        "document_id": ids.document_id,
        "page": page.number,
        **place._asdict(),
        **printed,
    }


BLANK_FIGURE: Figure = {
    "table_no": None, "table_id": None, "table_title": "", "row_no": None, "row_label": "", "label_path": "",
    "subject_code": None, "other_codes": "", "column_path": "", "value_text": "", "value": None, "unit": None,
    "value_state": "blank",
    "extractor": PAGE_READER, "measure_id": None, "statement_kind": None, "fund_source": None, "nature": None,
    "stage": None, "period_year": None, "base": None, "breakdown": None, "subject_label": None, "sentence": None,
    "span_start": None, "span_end": None,
}  # fmt: skip
