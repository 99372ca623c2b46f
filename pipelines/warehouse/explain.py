"""Where a number comes from: a printed figure, or a value of a mart down to the figures printed for it.

A mart explains itself: its contract says what each column means, how it follows from the others, and what lies behind
it. So a new mart needs nothing here. Which row is meant is found in `asked`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.collect.archive import Archive
from pipelines.collect.webcache import WebCache
from pipelines.contracts import Column, Contract
from pipelines.contracts.vocabulary import STATEMENT_PARTS
from pipelines.errors import UsageError
from pipelines.extract.pages.model import Box
from pipelines.extract.picture import Spot, draw_figures
from pipelines.settings import ROOT, SQL, Home
from pipelines.warehouse import asked, behind, printed
from pipelines.warehouse.asked import Question
from pipelines.warehouse.behind import Counted
from pipelines.warehouse.models import Model
from pipelines.warehouse.printed import Row, Section
from pipelines.warehouse.query import query

__all__ = ["Explanation", "Question", "draw", "explain_figure", "explain_row", "explain_value"]

MOST_PICTURES = 12
"""How many figures one picture shows, and how many of those behind one number are listed."""
_OF_EACH = 3
"""How many are listed for each number of a row."""
_MOST_DOCUMENTS = 3
"""Documents are described where they are no more than this; else the names of their files must do."""
_NAMES_OF_ROW = ("department_name", "region_name")


@dataclass
class Explanation:
    """What is to be said; the ids of the printed figures behind it, the most direct first; pages where no figure is."""

    sections: list[Section] = field(default_factory=list)
    figure_ids: list[str] = field(default_factory=list)
    pages: list[tuple[str, int]] = field(default_factory=list)
    """Document and page, from 1."""

    def text(self) -> str:
        """All sections as plain text."""
        blocks = []
        for heading, lines in self.sections:
            width = max((len(label) for label, _ in lines), default=0)
            gap = "  " if width else ""
            below = (f"  {label.ljust(width)}{gap}{words}".rstrip() for label, words in lines)
            blocks.append("\n".join([heading, *below]))
        return "\n\n".join(blocks)


def explain_figure(home: Home, figure_id: str) -> Explanation:
    """Everything known of the printed figure whose id begins with `figure_id`.

    Raises:
        UsageError: when there is no warehouse, or no figure or several begin so; the message lists those.
    """
    figure = printed.find_figure(home.warehouse, figure_id)
    return Explanation(list(printed.sections(home.warehouse, figure)), [figure["figure_id"]])


def explain_value(home: Home, question: Question) -> Explanation:
    """The row of a mart that `question` means: each value, its formula, and the printed figures behind it.

    A measure that no mart has is looked up among the facts.

    Raises:
        UsageError: when nothing or more than one row matches; the message lists what there is to choose from.
    """
    warehouse = home.warehouse
    found = asked.rows_by_question(warehouse, question)
    if len(found) == 1:
        return _explained(home, *found[0], None)
    if found:
        rows = (f"--mart {contract.table}: {printed.row_name(contract, row)}" for contract, row in found)
        raise UsageError(
            printed.listed(
                f"{len(found)} values match; narrow them with --measure, --stage, --scope, --subject or --mart:", rows
            )
        )
    facts = asked.facts_by_question(warehouse, question) if question.mart is None else []
    if len(facts) == 1:
        return explain_figure(home, facts[0]["figure_id"])
    if facts:
        lines = (" ".join((fact["stage"], fact["fund"], fact["nature"], fact["statement_kind"], printed.brief(fact)))
                 for fact in facts)  # fmt: skip
        raise UsageError(printed.listed(f"{len(facts)} facts match; explain one by its figure's id:", lines))
    raise UsageError(asked.nothing(warehouse, question))


def explain_row(home: Home, what: str, words: Sequence[str]) -> Explanation:
    """The row of the mart `what` (`MART`, or `MART.COLUMN` for one of its numbers) that all `words` fit.

    Raises:
        UsageError: when there is no such mart or column, or no row or several fit; the message lists what there is.
    """
    contract, column = asked.mart_and_column(what)
    return _explained(home, contract, asked.row_by_words(home.warehouse, contract, words), column)


def draw(home: Home, explanation: Explanation, out: Path) -> int:
    """Write a PNG with the page around each printed figure of `explanation`, or whole pages where it has no figure.

    Gives how many figures and pages it shows, which is MOST_PICTURES at most.

    Raises:
        UsageError: when it has neither, or a document's bytes are not in the archive.
    """
    figures = explanation.figure_ids[:MOST_PICTURES]
    whole = explanation.pages[: MOST_PICTURES - len(figures)]
    if not figures and not whole:
        raise UsageError("No printed figure lies behind this value, so there is no page to show.")
    pages: dict[tuple[str, int], list[Row]] = {place: [] for place in whole}
    for figure_id in figures:
        figure = printed.find_figure(home.warehouse, figure_id)
        for piece in printed.pieces(home.warehouse, figure):
            pages.setdefault((figure["document_id"], piece["page"]), []).append(piece)
    draw_figures([_spot(home, *place, pieces) for place, pieces in pages.items()], out)
    return len(figures) + len(whole)


def _spot(home: Home, document_id: str, page: int, pieces: Sequence[Row]) -> Spot:
    pdf = Archive(home.archive).path(document_id)
    if not pdf.exists():
        raise UsageError(f"{pdf} is gone from the archive: register the file again.")
    ids = ", ".join(dict.fromkeys(piece["figure_id"] for piece in pieces)) or "the whole page"
    numbers, sentences = (
        [Box(*(piece[name] for name in Box._fields)) for piece in pieces if piece["part"] == part]
        for part in STATEMENT_PARTS
    )
    return Spot(pdf, page, numbers, f"document {document_id[:12]}, page {page}: {ids}", sentences)


def _explained(home: Home, contract: Contract, row: Row, column: Column | None) -> Explanation:
    """All numbers of a row, or one of its columns with those it follows from."""
    told = Explanation()
    shown: dict[str, str] = {}
    documents: dict[str, Section] = {}
    asked_for = behind.leading_columns(contract, column) if column else list(contract.columns)
    values = dict.fromkeys([column, *asked_for]) if column else [one for one in asked_for if _is_value(one)]
    heading = f"{contract.name}: {asked.row_name(contract, row)}"
    told.sections.append(Section(heading, [(one.name, behind.value(contract, one, row)) for one in values]))
    for one in _columns_of_figures(contract, column, asked_for):
        if row[one.name]:
            lines = [("", line) for line in _figures(home, row[one.name].split(), one.name, shown, documents)]
            told.sections.append(Section(f"{one.name}: {one.doc}", lines))
    most = MOST_PICTURES if column else _OF_EACH
    for count in behind.counted(home.warehouse, asked_for, row, most):
        told.sections.append(_listed(home, count, shown, documents, told.pages))
    if column:
        told.sections += [Section(f"{one.name}: no printed figure", [("", one.unprinted)])
                          for one in asked_for if one.unprinted]  # fmt: skip
    told.sections += documents.values() if len(documents) <= _MOST_DOCUMENTS else []
    if row.get("check_id"):
        told.sections.append(Section("The check", [_model(f"checks/{row['check_id']}.sql")]))
    told.sections.append(Section("Computed by", [_model(f"marts/{contract.table}.sql")]))
    told.figure_ids = list(shown)
    told.pages = [] if shown and not column else list(dict.fromkeys(told.pages))
    return told


def _columns_of_figures(contract: Contract, column: Column | None, asked_for: Iterable[Column]) -> list[Column]:
    """The columns with ids of figures: all of the mart's, or those behind the one number asked for."""
    wanted = {name for one in asked_for for name in one.printed_as}
    return [one for one in contract.columns if (one.name in wanted if column else printed.names_figures(one))]


def _figures(
    home: Home, figure_ids: Iterable[str], under: str, shown: dict[str, str], documents: dict[str, Section]
) -> Iterator[str]:
    """A line for each figure with what the checks say; notes it and its document as shown."""
    for figure_id in figure_ids:
        if figure_id in shown:
            yield f"{figure_id}, as above under {shown[figure_id]}"
            continue
        shown[figure_id] = under
        figure = printed.find_figure(home.warehouse, figure_id)
        documents.setdefault(figure["document_id"], printed.document(figure))
        yield f"{printed.brief(figure)} · {printed.verdicts(home.warehouse, figure_id)}"


def _listed(
    home: Home, count: Counted, shown: dict[str, str], documents: dict[str, Section], pages: list[tuple[str, int]]
) -> Section:
    """The first things behind a number, and the query that gives them all."""
    name = ", ".join(column.name for column in count.columns)
    lines = []
    for evidence in count.first:
        found = list(_figures(home, evidence.figure_ids, name, shown, documents))
        if evidence.page:
            found += _pages(home, *evidence.page)
            pages.append(evidence.page)
        lines += [evidence.words] if evidence.words else []
        lines += [f"  {line}" if evidence.words else line for line in found]
    first = f", the first {len(count.first)}" if len(count.first) < count.rows else ""
    all_of_them = f'All: juesuan query "{count.sql}"'
    return Section(f"{name}: behind it {count.rows:,}{first}", [("", line) for line in (*lines, all_of_them)])


def _pages(home: Home, document_id: str, page: int) -> Iterator[str]:
    """A page without figure, and the web page that leads to its document, where it was collected from a portal."""
    sql = "select file_name, published_on from prov.document where document_id = ?"
    file_name, published_on = query(home.warehouse, sql, [document_id]).row(0)
    yield f"page {page} of {file_name}"
    if published_on:
        sources = [event.source for event in Archive(home.archive).events()
                   if event.sha256 == document_id and event.source and event.source.page]  # fmt: skip
        for source in sources[:1]:
            kept = WebCache(home.web_cache).file(source.page)
            since = dt.date.fromtimestamp(kept.stat().st_mtime) if kept.exists() else None
            as_seen = f", as seen on {since}: {kept}" if since else ", no longer in cache/web"
            yield f"the day stands on {source.page}{as_seen}"


def _model(file: str) -> tuple[str, str]:
    """An SQL file, and what its first lines say."""
    path = SQL / file
    model = Model(path.stem, "check", path, path.read_text(encoding="utf-8"))
    return path.relative_to(ROOT).as_posix(), model.about


def _is_value(column: Column) -> bool:
    return not (
        column.key or printed.names_figures(column) or column.name.endswith("_key") or column.name in _NAMES_OF_ROW
    )
