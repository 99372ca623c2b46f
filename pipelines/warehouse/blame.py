"""Whose error a broken identity is: its figures are read again, and what both readings say decides.

Figures that two readings give alike were printed so, and the publisher erred; where a reading differs, or where the
missing amount is printed and no figure has it, the parser erred and what was read of that table is not published.
Figures themselves are never changed. Reading again is `pipelines.extract.reread`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from pipelines.contracts import CONTRACTS, conform
from pipelines.errors import BuildError
from pipelines.extract.pages.model import Box
from pipelines.extract.reread import Printed, Rereading, read_again
from pipelines.extract.tables.numbers import read_number
from pipelines.extract.workers import Failure, map_in_processes
from pipelines.settings import DOCUMENT_MEMORY_BYTES, DOCUMENT_SECONDS

REREADING, BLAME, BLOCKED = (CONTRACTS[f"prov.{name}"] for name in ("rereading", "blame", "blocked_figure"))
_YUAN = {"亿元": 100_000_000, "万元": 10_000, "千元": 1000}


class Task(NamedTuple):
    """The figures of one document to read again, among their neighbours, for a worker process."""

    path: Path
    sha256: str
    figures: list[Printed]
    wanted: frozenset[str]
    kept: Path


class Blame(NamedTuple):
    """Frames of prov.rereading, prov.blame and prov.blocked_figure."""

    rereadings: pl.DataFrame
    blame: pl.DataFrame
    blocked: pl.DataFrame


def blame(
    results: pl.DataFrame, figures: pl.DataFrame, path_of: Callable[[str], Path], kept: Path, workers: int
) -> Blame:
    """Read the figures of all identities that do not hold again and say whose error each is.

    `results` and `figures` are prov.check_result and prov.figure; `path_of` finds a document by its sha256; `kept` is
    where pages read again are kept. A document that cannot be read again leaves its identities unclear.
    """
    broken = results.filter(pl.col("verdict").is_in(["minor", "fail"]) & (pl.col("figure_ids") != ""))
    wanted = {figure for ids in broken["figure_ids"] for figure in ids.split()}
    tasks = list(_tasks(figures, wanted, path_of, kept))
    answers = map_in_processes(
        read_task, tasks, workers=workers, seconds=DOCUMENT_SECONDS, memory_bytes=DOCUMENT_MEMORY_BYTES
    )
    rereadings = [one for answer in answers if not isinstance(answer, Failure) for one in answer]
    return judge(broken, figures.filter(pl.col("document_id").is_in([task.sha256 for task in tasks])), rereadings)


def read_task(task: Task) -> list[Rereading]:
    """Read the figures of one document again; runs in a worker process."""
    return read_again(task.path, task.sha256, task.figures, set(task.wanted), task.kept)


def judge(broken: pl.DataFrame, figures: pl.DataFrame, rereadings: Iterable[Rereading]) -> Blame:
    """Whose error each of the `broken` identities is, by what was read again of the `figures` of their documents."""
    rows = {row["figure_id"]: row for row in figures.iter_rows(named=True)}
    by_figure: dict[str, list[Rereading]] = {}
    for one in rereadings:
        by_figure.setdefault(one.figure_id, []).append(one)
    unread = _unread_by_table(rows, by_figure)
    blamed, blocked = [], dict[str, str]()
    for result in broken.iter_rows(named=True):
        ids = [figure for figure in result["figure_ids"].split() if figure in rows]
        whose, evidence, guilty = _whose(result, ids, rows, by_figure, unread)
        blamed.append(
            {"check_id": result["check_id"], "figure_ids": result["figure_ids"], "whose_error": whose,
             "evidence": evidence}
        )  # fmt: skip
        for figure in guilty:
            blocked[figure] = evidence
    return Blame(
        _checked(REREADING, [_rereading_row(one, rows[one.figure_id]) for one in rereadings if one.figure_id in rows]),
        _checked(BLAME, blamed).unique(["check_id", "figure_ids"], maintain_order=True),
        _checked(BLOCKED, _blocked_rows(blocked, rows)),
    )


def _tasks(figures: pl.DataFrame, wanted: set[str], path_of: Callable[[str], Path], kept: Path) -> Iterable[Task]:
    asked = figures.filter(pl.col("figure_id").is_in(list(wanted)))
    pages = asked.select("document_id", "page").unique()
    stated = pl.col("value").is_not_null() | (pl.col("value_state") == "word")
    neighbours = figures.filter(stated).join(pages, on=["document_id", "page"], how="semi")
    for (document,), group in neighbours.sort("document_id", "page", "figure_id").group_by(
        "document_id", maintain_order=True
    ):
        sha256 = str(document)
        printed = [_printed(row) for row in group.iter_rows(named=True)]
        yield Task(path_of(sha256), sha256, printed, frozenset(wanted & {one.figure_id for one in printed}), kept)


def _printed(row: Mapping[str, Any]) -> Printed:
    return Printed(
        row["figure_id"], row["page"], row["table_no"], f"{row['row_no']} {row['row_label']}", row["column_path"],
        row["value_text"], Box(row["x0"], row["y0"], row["x1"], row["y1"]),
    )  # fmt: skip


def _unread_by_table(
    rows: Mapping[str, Mapping[str, Any]], by_figure: Mapping[str, list[Rereading]]
) -> dict[tuple[str, int | None], list[Rereading]]:
    found: dict[tuple[str, int | None], list[Rereading]] = {}
    for figure, readings in by_figure.items():
        if figure in rows:
            key = (rows[figure]["document_id"], rows[figure]["table_no"])
            found.setdefault(key, []).extend(one for one in readings if one.reader == "unread")
    return found


def _whose(
    result: Mapping[str, Any],
    ids: list[str],
    rows: Mapping[str, Mapping[str, Any]],
    by_figure: Mapping[str, list[Rereading]],
    unread: Mapping[tuple[str, int | None], list[Rereading]],
) -> tuple[str, str, list[str]]:
    """Whose error, the evidence in words, and the figures by which the parser erred."""
    for figure in ids:
        for one in by_figure.get(figure, []):
            if one.reader != "unread" and one.agrees is False:
                first = rows[figure]["value_text"]
                again = f"{one.text or 'nothing'} there" if one.text != first else "it in another row or column"
                return "parser", f"page {one.page}: read as {first}, {one.reader} finds {again}", [figure]
    tables = dict.fromkeys((rows[figure]["document_id"], rows[figure]["table_no"]) for figure in ids)
    unit = _YUAN.get(rows[ids[0]]["unit"] or "", 1) if ids else 1
    for table in tables:
        for one in unread.get(table, []):
            number = read_number(one.text)
            if number is None or number.value is None or result["difference"] is None:
                continue
            if abs(abs(number.value) * unit - abs(result["difference"])) <= max(result["tolerance"] or 0, Decimal(1)):
                return "parser", f"page {one.page}: {one.text} is printed in the table and was not read", ids[:1]
    agreed = [any(one.agrees for one in by_figure.get(figure, [])) for figure in ids]
    if ids and all(agreed):
        return "publisher", "both readings agree", []
    return "unclear", "not all figures could be read again", []


def _blocked_rows(blocked: Mapping[str, str], rows: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The figures that are not published: the tables of those wrongly read, and statements by themselves."""
    tables = {
        (rows[figure]["document_id"], rows[figure]["table_no"]): reason
        for figure, reason in blocked.items()
        if rows[figure]["table_no"] is not None
    }
    return [
        {"figure_id": figure, "document_id": row["document_id"], "table_no": row["table_no"], "page": row["page"],
         "reason": reason}
        for figure, row in rows.items()
        if (reason := tables.get((row["document_id"], row["table_no"])) or blocked.get(figure)) is not None
    ]  # fmt: skip


def _rereading_row(one: Rereading, row: Mapping[str, Any]) -> dict[str, Any]:
    return {**one._asdict(), "document_id": row["document_id"], "first_text": row["value_text"]}


def _checked(contract: Any, rows: list[dict[str, Any]]) -> pl.DataFrame:
    good, broken = conform(contract.frame(rows), contract)
    if broken.height:
        raise BuildError(f"{contract.name}: {broken['rule'][0]} in {broken['row_json'][0]}")
    return good
