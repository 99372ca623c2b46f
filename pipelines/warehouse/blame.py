"""Whose error a broken identity is: every figure is read a second time, and what both readings say decides.

Figures that two readings give alike were printed so, and the publisher erred; where they differ, or where an amount
of the table is printed that no figure has, the parser erred. What differs is not published, whether an identity
noticed it or not. Figures themselves are never changed. Reading again is `pipelines.extract.reread`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from pipelines.catalogue.tables import table_catalogue
from pipelines.contracts import CONTRACTS, conform
from pipelines.errors import BuildError
from pipelines.extract.pages.model import Box
from pipelines.extract.reread import Printed, Rereading, read_again
from pipelines.extract.tables.numbers import read_number
from pipelines.extract.workers import Failure, map_in_processes
from pipelines.settings import DOCUMENT_MEMORY_BYTES, DOCUMENT_SECONDS

REREADING, SECOND_READING, BLAME, BLOCKED = (
    CONTRACTS[f"prov.{name}"] for name in ("rereading", "second_reading", "blame", "blocked_figure")
)
_YUAN = {"亿元": 100_000_000, "万元": 10_000, "千元": 1000}
_BROKEN = pl.col("verdict").is_in(["minor", "fail"]) & (pl.col("figure_ids") != "")
_ROUNDED = (pl.col("verdict") == "rounding") & (pl.col("difference") != 0) & (pl.col("figure_ids") != "")

Rows = Mapping[str, Mapping[str, Any]]
Place = tuple[str, int | None]
"""A document and a table of it, None for its running text."""


class Task(NamedTuple):
    """The figures of one document to read again, for a worker process; the doubted ones in two ways."""

    path: Path
    sha256: str
    figures: list[Printed]
    doubted: frozenset[str]
    kept: Path


class Blame(NamedTuple):
    """Frames of prov.rereading, prov.second_reading, prov.blame and prov.blocked_figure."""

    rereadings: pl.DataFrame
    counts: pl.DataFrame
    blame: pl.DataFrame
    blocked: pl.DataFrame


def blame(
    results: pl.DataFrame, figures: pl.DataFrame, path_of: Callable[[str], Path], kept: Path, workers: int
) -> Blame:
    """Read all figures again and say whose error each identity is that does not hold, or holds by rounding only.

    `results` and `figures` are prov.check_result and prov.figure; `path_of` finds a document by its sha256; `kept` is
    where answers are kept. A document that cannot be read again leaves its identities unclear.
    """
    answers = map_in_processes(
        read_task,
        list(tasks(results, figures, path_of, kept)),
        workers=workers,
        seconds=DOCUMENT_SECONDS,
        memory_bytes=DOCUMENT_MEMORY_BYTES,
    )
    rereadings = [one for answer in answers if not isinstance(answer, Failure) for one in answer]
    return judge(results, figures, rereadings)


def read_task(task: Task) -> list[Rereading]:
    """Read the figures of one document again; runs in a worker process."""
    return read_again(task.path, task.sha256, task.figures, task.doubted, task.kept)


def judge(results: pl.DataFrame, figures: pl.DataFrame, rereadings: Iterable[Rereading]) -> Blame:
    """Whose error each identity is that does not hold or is rounded, by what was read again of the `figures`."""
    doubtful = results.filter(_BROKEN | _ROUNDED)
    rows = {row["figure_id"]: row for row in figures.iter_rows(named=True)}
    read = _Read(rows, [one for one in rereadings if one.figure_id in rows])
    blamed = []
    for result in doubtful.iter_rows(named=True):
        ids = [figure for figure in result["figure_ids"].split() if figure in rows]
        whose, evidence = read.whose(result, ids)
        blamed.append(
            {"check_id": result["check_id"], "figure_ids": result["figure_ids"], "whose_error": whose,
             "evidence": evidence}
        )  # fmt: skip
    broken = doubtful.filter(_BROKEN)["figure_ids"]
    shown = {figure for ids in broken for figure in ids.split()}
    return Blame(
        _checked(REREADING, list(read.rows_shown(shown))),
        _checked(SECOND_READING, list(read.counts())),
        _checked(BLAME, blamed).unique(["check_id", "figure_ids"], maintain_order=True),
        _checked(BLOCKED, list(read.blocked())),
    )


class _Read:
    """What the second readers said, by figure and by table, and what follows."""

    def __init__(self, rows: Rows, rereadings: Iterable[Rereading]) -> None:
        self.rows = rows
        self.of_figure: dict[str, list[Rereading]] = {}
        self.unread: dict[Place, list[Rereading]] = {}
        self.misread: dict[str, str] = {}
        """Figures in which the readings differ, and the evidence."""
        self.misread_tables: dict[Place, str] = {}
        for one in rereadings:
            if one.reader == "unread":
                self.unread.setdefault(self._place(one.figure_id), []).append(one)
                continue
            self.of_figure.setdefault(one.figure_id, []).append(one)
            if one.agrees is False:
                self._blame(one.figure_id, _difference(one, rows[one.figure_id]))

    def _blame(self, figure: str, evidence: str) -> None:
        """Call a figure misread, and the table it stands in: what is wrong in one place may be missing in another."""
        self.misread.setdefault(figure, evidence)
        if (place := self._place(figure))[1] is not None:
            self.misread_tables.setdefault(place, evidence)

    def _place(self, figure: str) -> Place:
        return self.rows[figure]["document_id"], self.rows[figure]["table_no"]

    def whose(self, result: Mapping[str, Any], ids: list[str]) -> tuple[str, str]:
        """Whose error an identity of the figures `ids` is, and the evidence in words."""
        for figure in ids:
            if (evidence := self.misread.get(figure)) or (evidence := self.misread_tables.get(self._place(figure))):
                return "parser", evidence
        rounding = result["verdict"] == "rounding"
        if not rounding and (missed := self._missed(result, ids)) is not None:
            evidence = f"page {missed.page}: {missed.text} is printed in the table and was not read"
            self._blame(missed.figure_id, evidence)
            return "parser", evidence
        for figure in ids:
            said = self.of_figure.get(figure, [])
            if not any(one.agrees for one in said):
                first = self.rows[figure]["value_text"]
                return "unclear", f"{first} could not be read again" if not said else _doubt(said[0], first)
        if not ids:
            return "unclear", "no figure to read again"
        return "publisher", "rounding; both readings agree" if rounding else "both readings agree"

    def _missed(self, result: Mapping[str, Any], ids: list[str]) -> Rereading | None:
        """An amount of the tables of `ids` that no figure has: the one that is missing in the sum, else any."""
        unit = _YUAN.get(self.rows[ids[0]]["unit"] or "", 1) if ids else 1
        found = [(abs(number), one) for place in dict.fromkeys(self._place(figure) for figure in ids) if place[1]
                 for one in self.unread.get(place, []) if (number := _number(one.text))]  # fmt: skip
        slack = max(result["tolerance"] or 0, Decimal(1))
        missing = abs(result["difference"] or 0)
        fits = (one for number, one in found if abs(number * unit - missing) <= slack)
        return next(fits, found[0][1] if found else None)

    def rows_shown(self, wanted: set[str]) -> Iterator[dict[str, Any]]:
        """Rows of prov.rereading: of the `wanted` figures, and all that does not simply agree.

        Equal amounts that no figure has and that have one figure as neighbour are one row.
        """
        for one in dict.fromkeys(one for said in (*self.of_figure.values(), *self.unread.values()) for one in said):
            if one.agrees is not True or one.doubt or one.figure_id in wanted:
                row = self.rows[one.figure_id]
                yield {
                    "figure_id": one.figure_id, "reader": one.reader, "document_id": row["document_id"],
                    "page": one.page, "first_text": row["value_text"], "text": one.text, "agrees": one.agrees,
                    "differs_in": one.doubt,
                }  # fmt: skip

    def counts(self) -> Iterator[dict[str, Any]]:
        """Rows of prov.second_reading."""
        found: dict[Place, Counter[str]] = {}
        for said in self.of_figure.values():
            one = next((one for one in said if one.reader == "position"), None)
            if one is not None:
                count = found.setdefault(self._place(one.figure_id), Counter())
                count["figures"] += 1
                count["agreed" if one.agrees else "differed" if one.agrees is False else "unsure"] += 1
                count["agreed_in_number"] += bool(one.agrees and one.doubt)
        for (document, table), count in found.items():
            yield {
                "document_id": document, "table_no": table or 0, "unread": len(self.unread.get((document, table), [])),
                **{name: count[name] for name in ("figures", "agreed", "agreed_in_number", "differed")},
            }  # fmt: skip

    def blocked(self) -> Iterator[dict[str, Any]]:
        """Rows of prov.blocked_figure: the tables of figures wrongly read, and such statements by themselves."""
        for figure, row in self.rows.items():
            if (reason := self.misread.get(figure) or self.misread_tables.get(self._place(figure))) is not None:
                yield {"figure_id": figure, "document_id": row["document_id"], "table_no": row["table_no"],
                       "page": row["page"], "reason": reason}  # fmt: skip


def _number(text: str) -> Decimal | None:
    number = read_number(text)
    return number.value if number is not None else None


def _difference(one: Rereading, row: Mapping[str, Any]) -> str:
    """In words that can be checked against the page: what was read first, and what the second reader finds."""
    found = one.text or "nothing"
    first = {
        "number": f"{one.reader} finds {found} there",
        "column": f"below {row['column_path']}; {one.reader} finds it below {found}",
        "row": f"in the row {row['row_label']}; {one.reader} finds it beside {found}",
        "subject": f"of {row['subject_label'] or row['subject_code']}; {one.reader} finds {found}",
        "unit": f"in {row['unit']}; {one.reader} finds {found} above the table",
    }[one.doubt or "number"]
    return f"page {one.page}: read as {row['value_text']}{',' if one.doubt in ('', 'number') else ''} {first}"


def _doubt(one: Rereading, first: str) -> str:
    if one.doubt == "subject":
        return f"page {one.page}: whether {first} is of {one.text} is not clear"
    return f"page {one.page}: {first} could not be found again"


def tasks(results: pl.DataFrame, figures: pl.DataFrame, path_of: Callable[[str], Path], kept: Path) -> Iterator[Task]:
    """What is to be read again of each document: all figures, in doubt those of identities that do not hold."""
    doubted = {figure for ids in results.filter(_BROKEN)["figure_ids"] for figure in ids.split()}
    accounts = {rule.id for rule in table_catalogue().tables if rule.account}
    for (document,), group in figures.sort("document_id", "page", "figure_id").group_by(
        "document_id", maintain_order=True
    ):
        sha256 = str(document)
        printed = [_printed(row, accounts) for row in group.iter_rows(named=True)]
        mine = frozenset(doubted.intersection(one.figure_id for one in printed))
        yield Task(path_of(sha256), sha256, printed, mine, kept)


def _printed(row: Mapping[str, Any], accounts: set[str]) -> Printed:
    return Printed(
        row["figure_id"], row["page"], row["table_no"], row["row_label"], row["column_path"], row["value_text"],
        Box(row["x0"], row["y0"], row["x1"], row["y1"]),
        subject=row["subject_code" if row["source_kind"] == "table" else "subject_label"] or row["subject_code"] or "",
        unit=row["unit"] or "",
        in_account=row["table_id"] is None or row["table_id"] in accounts,
        is_word=row["value_state"] == "word",
        is_stated=row["value"] is not None or row["value_state"] == "word",
    )  # fmt: skip


def _checked(contract: Any, rows: list[dict[str, Any]]) -> pl.DataFrame:
    good, broken = conform(contract.frame(rows), contract)
    if broken.height:
        raise BuildError(f"{contract.name}: {broken['rule'][0]} in {broken['row_json'][0]}")
    return good
