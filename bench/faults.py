"""Whose error is a fault of the cell reader called? Cells are misread on purpose and the whole way is walked.

A fault is made in one grid of one page as read (a column shifted, a row merged into the one above, an edge moved, a
column dropped, header words exchanged, labels moved by a row, a digit misread). The document is then read from these
pages and its account goes through normalise, identities, second reading and blame. Run over a finished home:

    python -m bench.faults HOME [--count 200] [--seed 7]

Nothing is written but the report.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import polars as pl

from bench.mutation import LISTS, identity_checks
from pipelines.collect.archive import Archive
from pipelines.collect.links import LinkFacts
from pipelines.contracts import CONTRACTS
from pipelines.contracts.extracted import Extracted
from pipelines.extract.batch import read_extracted
from pipelines.extract.document import read_document
from pipelines.extract.pages.cache import PageCache
from pipelines.extract.pages.model import DocumentPages, Grid, TextLine
from pipelines.normalise.build import normalise
from pipelines.normalise.reference import Reference, load_reference
from pipelines.settings import RAW, Home, home_at
from pipelines.warehouse.blame import Blame, judge, read_task, tasks
from pipelines.warehouse.checks import run_check
from pipelines.warehouse.models import load_models
from pipelines.warehouse.run import write_table

_PROV: Final = ("prov.document", "prov.document_table", "prov.figure")
_AMOUNT = re.compile(r"[-(（]?(\d[\d,，]*[.．]\d+|\d{1,3}([,，]\d{3})+)[)）]?")
"""Numbers without fraction or separators may be codes."""

Content = dict[tuple[int, int], list[TextLine]]
"""The lines of each cell by row and column of its upper left corner."""
Change = Callable[[Grid, Content, random.Random], Content | None]


@dataclass(frozen=True)
class Fault:
    """One fault and what became of it.

    `whose` names the errors of the identities that it broke, '' where it broke none; `noticed` is whether the second
    reading found it, `blocked` whether its table was, `others_blocked` counts other tables that were.
    """

    kind: str
    document_id: str
    table_no: int
    table_id: str
    changed: bool
    whose: tuple[str, ...] = ()
    noticed: bool = False
    blocked: bool = False
    others_blocked: int = 0
    evidence: str = ""


# --- the faults ---------------------------------------------------------------------------------------------------


def _body(grid: Grid, content: Content) -> tuple[int, list[int]] | None:
    """The first row of a grid's body and its columns of amounts; None where it has less than two of them."""
    amounts = [key for key, lines in content.items() if _is_amount(lines)]
    rows = Counter(row for row, _ in amounts)
    first = min((row for row, number in rows.items() if number >= 2), default=None)
    if first is None:
        return None
    columns = Counter(col for row, col in amounts if row >= first)
    wide = sorted(col for col, number in columns.items() if number >= 2)
    return (first, wide) if len(wide) >= 2 else None


def _is_amount(lines: Sequence[TextLine]) -> bool:
    return len(lines) == 1 and _AMOUNT.fullmatch(lines[0].text.replace(" ", "")) is not None


def _shift(grid: Grid, content: Content, rng: random.Random) -> Content | None:
    """The cells of the body from one column on are taken for those of the next column."""
    if (body := _body(grid, content)) is None:
        return None
    first, columns = body
    start = rng.choice(columns[:-1])
    moving = [col for col in columns if col >= start]
    target = dict(zip(moving, [*moving[1:], grid.cols], strict=True))
    kept = {key: lines for key, lines in content.items() if key[0] < first or key[1] not in target}
    moved = {
        (row, target[col]): lines for (row, col), lines in content.items() if row >= first and col in target
        and target[col] < grid.cols
    }  # fmt: skip
    return kept | moved


def _drop(grid: Grid, content: Content, rng: random.Random) -> Content | None:
    """A column of the body is not read at all."""
    if (body := _body(grid, content)) is None:
        return None
    first, columns = body
    dropped = rng.choice(columns)
    return {key: lines for key, lines in content.items() if key[0] < first or key[1] != dropped}


def _merge(grid: Grid, content: Content, rng: random.Random) -> Content | None:
    """A row is read as part of the one above it."""
    if (body := _body(grid, content)) is None:
        return None
    rows = sorted({row for row, _ in content if row > body[0]})
    if not rows:
        return None
    row = rng.choice(rows)
    merged = {key: list(lines) for key, lines in content.items() if key[0] != row}
    for (at, col), lines in content.items():
        if at == row:
            merged.setdefault((row - 1, col), []).extend(lines)
    return merged


def _edge(grid: Grid, content: Content, rng: random.Random) -> Content | None:
    """An edge between two columns stands too far right: the first digits beyond it are read with the left number."""
    if (body := _body(grid, content)) is None:
        return None
    first, columns = body
    at = rng.randrange(len(columns) - 1)
    left, right = columns[at], columns[at + 1]
    moved = dict(content)
    for row in range(first, grid.rows):
        one, other = content.get((row, left), []), content.get((row, right), [])
        if _is_amount(one) and _is_amount(other) and len(other[0].text) > 1:
            a, b = one[0], other[0]
            moved[row, left] = [
                TextLine(a.text + b.text[:1], [*a.x0s, b.x0s[0]], [*a.x1s, b.x1s[0]], min(a.y0, b.y0), max(a.y1, b.y1))
            ]
            moved[row, right] = [TextLine(b.text[1:], b.x0s[1:], b.x1s[1:], b.y0, b.y1)]
    return moved


def _headers(grid: Grid, content: Content, rng: random.Random) -> Content | None:
    """The header words of two neighbouring columns are exchanged."""
    if (body := _body(grid, content)) is None:
        return None
    first, columns = body
    at = rng.randrange(len(columns) - 1)
    left, right = columns[at], columns[at + 1]
    above = {col: max((row for row, c in content if c == col and row < first), default=None) for col in (left, right)}
    one, other = ((above[left], left), (above[right], right))
    if one[0] is None or other[0] is None:
        return None
    keys = (int(one[0]), left), (int(other[0]), right)
    return content | {keys[0]: content[keys[1]], keys[1]: content[keys[0]]}


def _labels(grid: Grid, content: Content, rng: random.Random) -> Content | None:
    """From one row on, everything left of the amounts is taken for that of the next row."""
    if (body := _body(grid, content)) is None:
        return None
    first, columns = body
    rows = sorted({row for row, col in content if row >= first and col < columns[0]})
    if len(rows) < 3:
        return None
    start = rng.choice(rows[:-1])
    kept = {key: lines for key, lines in content.items() if key[0] < start or key[1] >= columns[0]}
    moved = {
        (row + 1, col): lines
        for (row, col), lines in content.items() if row >= start and col < columns[0] and row + 1 < grid.rows
    }  # fmt: skip
    return kept | moved


def _digit(grid: Grid, content: Content, rng: random.Random) -> Content | None:
    """One digit of one number is misread."""
    if (body := _body(grid, content)) is None:
        return None
    key = rng.choice(sorted(key for key, lines in content.items() if key[0] >= body[0] and _is_amount(lines)))
    line = content[key][0]
    at = rng.choice([i for i, char in enumerate(line.text) if char.isdecimal()])
    digit = rng.choice([d for d in "0123456789" if d != line.text[at]])
    return content | {key: [msgspec.structs.replace(line, text=line.text[:at] + digit + line.text[at + 1 :])]}


KINDS: Final[dict[str, Change]] = {
    "columns shifted to the right": _shift,
    "column dropped": _drop,
    "row merged into the one above": _merge,
    "column edge moved": _edge,
    "header words exchanged": _headers,
    "labels of another row": _labels,
    "one digit misread": _digit,
}


def misread(grid: Grid, kind: str, rng: random.Random) -> Grid | None:
    """The grid with a fault of this kind; None where it has no place for one."""
    content = {(cell.row, cell.col): cell.lines for cell in grid.cells if cell.lines}
    changed = KINDS[kind](grid, content, rng)
    if changed is None or changed == content:
        return None
    known = {(cell.row, cell.col) for cell in grid.cells}
    if not set(changed) <= known:
        changed = {key: lines for key, lines in changed.items() if key in known}
    cells = [msgspec.structs.replace(cell, lines=changed.get((cell.row, cell.col), [])) for cell in grid.cells]
    return msgspec.structs.replace(grid, cells=cells)


def faulty(pages: DocumentPages, page: int, at: int, kind: str, rng: random.Random) -> DocumentPages | None:
    """The pages of a document with a fault in grid `at` of page number `page`; None where there is no place for it."""
    old = next(one for one in pages.pages if one.number == page)
    grid = misread(old.grids[at], kind, rng)
    if grid is None:
        return None
    new = msgspec.structs.replace(old, grids=[*old.grids[:at], grid, *old.grids[at + 1 :]])
    return msgspec.structs.replace(pages, pages=[new if one is old else one for one in pages.pages])


# --- the way of a fault ----------------------------------------------------------------------------------------------


class Bench:
    """The tables of a finished home, and the way from misread pages to blame."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.archive = Archive(home.archive)
        self.pages = PageCache(home.page_cache)
        self.reference: Reference = load_reference(RAW / "reference")
        self.read = read_extracted(home.parquet / "extract")
        known = pl.read_parquet(home.parquet / "prov" / "document.parquet")
        self.account = dict(known.select("document_id", pl.coalesce("disclosure_key", "document_id")).rows())
        self.read_well = known.filter(pl.col("outcome").is_in(["read", "read_partly"]))["document_id"]
        self.links = {entry.sha256: entry.link for entry in self.archive.entries()}
        self.models = load_models()
        self.checks = identity_checks(self.models)
        self.known: dict[str, set[tuple[str, str]]] = {}
        self.kept = tempfile.TemporaryDirectory()

    def run(self, count: int, seed: int) -> Iterator[Fault]:
        """Make `count` faults that change what is read, one at a time."""
        rng = random.Random(seed)
        official = self.read.tables.filter(
            pl.col("table_id").is_not_null(), ~pl.col("table_id").is_in(LISTS), pl.col("figures") >= 4,
            pl.col("document_id").is_in(self.read_well.implode()),
        ).sort("document_id", "table_no").to_dicts()  # fmt: skip
        made = 0
        while made < count:
            table = rng.choice(official)
            kind = rng.choice(list(KINDS))
            fault = self.make(table, kind, rng)
            if fault is not None:
                made += 1
                yield fault

    def make(self, table: dict[str, Any], kind: str, rng: random.Random) -> Fault | None:
        """A fault of this kind in this table; None where there is no place for one, or it changes no figure."""
        document = table["document_id"]
        pages = self.pages.get(document)
        if pages is None:
            return None
        page = rng.randint(table["first_page"], table["last_page"])
        grids = next(one for one in pages.pages if one.number == page).grids
        if not grids:
            return None
        mine = self.read.figures.filter(
            (pl.col("document_id") == document) & (pl.col("table_no") == table["table_no"]) & (pl.col("page") == page)
        )
        at = max(range(len(grids)), key=lambda i: _inside(mine, pages, page, grids[i]))
        if not _inside(mine, pages, page, grids[at]):
            return None
        changed = faulty(pages, page, at, kind, rng)
        return None if changed is None else self._follow(changed, table, kind)

    def _follow(self, pages: DocumentPages, table: dict[str, Any], kind: str) -> Fault | None:
        document = table["document_id"]
        with tempfile.TemporaryDirectory() as folder:
            cache = PageCache(Path(folder))
            cache.put(pages)
            link = self.links.get(document, LinkFacts())
            read = read_document(self.archive.path(document), document, link, cache).frames()
        own = pl.col("document_id") == document
        before = self.read.figures.filter(own)
        told = ["page", "row_label", "column_path", "value_text", "subject_code"]
        if (
            read.figures.select(told)
            .sort(told, nulls_last=True)
            .equals(before.select(told).sort(told, nulls_last=True))
        ):
            return None
        others = pl.col("document_id").is_in(
            [one for one, key in self.account.items() if key == self.account[document] and one != document]
        )
        read = read._replace(documents=self._document(read.documents))
        pairs = zip(read, self.of_documents(others), strict=True)
        found = self.prov(Extracted(*(pl.concat(frames, how="diagonal_relaxed") for frames in pairs)))
        return self._said(table, kind, self.identities(found), found["prov.figure"])

    def of_documents(self, wanted: pl.Expr) -> Extracted:
        """What was read of the documents wanted; where their statements stand is not asked here."""
        frames = {name: frame for name, frame in self.read._asdict().items() if "document_id" in frame.columns}
        chosen = {name: frame.filter(wanted) for name, frame in frames.items()}
        return self.read._replace(statement_boxes=self.read.statement_boxes.clear(), **chosen)

    def _document(self, new: pl.DataFrame) -> pl.DataFrame:
        old = self.read.documents.filter(pl.col("document_id") == new["document_id"][0])
        outside = ["file_name", "file_bytes", "partition", "published_on", "publisher", "source_url", "revision_no"]
        return new.with_columns(old[name] for name in outside if name in old.columns)

    def prov(self, read: Extracted) -> dict[str, pl.DataFrame]:
        """What identities read, of these documents."""
        found = normalise(read, self.reference)
        return {name: found[name] for name in _PROV}

    def identities(self, found: dict[str, pl.DataFrame]) -> pl.DataFrame:
        """The identities of these tables."""
        with tempfile.TemporaryDirectory() as folder:
            for name, frame in found.items():
                write_table(frame, CONTRACTS[name], Path(folder))
            return pl.concat([run_check(self.models, check, Path(folder)) for check in self.checks])

    def judge(self, results: pl.DataFrame, figures: pl.DataFrame) -> Blame:
        """Whose errors they are."""
        kept = Path(self.kept.name)
        read = [one for task in tasks(results, figures, self.archive.path, kept) for one in read_task(task)]
        return judge(results, figures, read)

    def _said(self, table: dict[str, Any], kind: str, results: pl.DataFrame, figures: pl.DataFrame) -> Fault:
        document, judged = table["document_id"], self.judge(results, figures)
        broken = results.filter(pl.col("verdict").is_in(["minor", "fail"]))
        key = self.account[document]
        if key not in self.known:
            mine = pl.col("document_id").is_in([one for one, account in self.account.items() if account == key])
            clean = self.prov(self.of_documents(mine))
            self.known[key] = set(_failures(self.identities(clean)))
        new = set(_failures(broken)) - self.known[key]
        said = {(check, ids): (whose, why) for check, ids, whose, why in judged.blame.rows()}
        whose = [said[key] for key in sorted(new) if key in said]
        blocked = set(judged.blocked.filter(pl.col("document_id") == document)["table_no"].drop_nulls())
        # A fault may cut a table in two or join two: it is told by its first page.
        pages = set(range(table["first_page"], table["last_page"] + 1))
        numbers = figures.filter((pl.col("document_id") == document) & pl.col("page").is_in(pages))["table_no"]
        own = blocked & set(numbers.drop_nulls())
        differs = judged.counts.filter((pl.col("differed") > 0) | (pl.col("unread") > 0))
        noticed = differs.filter(pl.col("document_id") == document).height > 0
        return Fault(
            kind, document, table["table_no"], table["table_id"], True, tuple(one for one, _ in whose), noticed,
            bool(own), len(blocked - own), whose[0][1] if whose else "",
        )  # fmt: skip


def _failures(results: pl.DataFrame) -> list[tuple[str, str]]:
    broken = results.filter(pl.col("verdict").is_in(["minor", "fail"]) & (pl.col("figure_ids") != ""))
    return [(check, ids) for check, ids in broken.select("check_id", "figure_ids").rows()]


def _inside(figures: pl.DataFrame, pages: DocumentPages, number: int, grid: Grid) -> int:
    """How many of the figures stand in a grid."""
    page = next(one for one in pages.pages if one.number == number)
    rect = page.to_user_space(grid.rect)
    x, y = (pl.col("x0") + pl.col("x1")) / 2, (pl.col("y0") + pl.col("y1")) / 2
    return figures.filter(x.is_between(rect.x0, rect.x1) & y.is_between(rect.y0, rect.y1)).height


def blamed(fault: Fault) -> str:
    """Whose error a caught fault was called: the parser's if any of its identities says so."""
    if not fault.whose:
        return "not caught by an identity"
    return next(who for who in ("parser", "unclear", "publisher") if who in fault.whose)


def report(faults: Iterable[Fault]) -> str:
    """Faults made, caught, and whose error they were called, by kind."""
    faults = list(faults)
    lines = []
    for kind, group in [("all", faults), *((kind, [f for f in faults if f.kind == kind]) for kind in KINDS)]:
        caught = [fault for fault in group if fault.whose]
        said = Counter(blamed(fault) for fault in caught)
        mixed = sum("publisher" in fault.whose and "parser" in fault.whose for fault in caught)
        silent = [fault for fault in group if not fault.whose]
        lines.append(
            f"{kind}: {len(group)} made, {len(caught)} break an identity; blamed on the parser {said['parser']}, "
            f"publisher {said['publisher']}, unclear {said['unclear']} (on both, by identity: {mixed}); "
            f"in no broken identity {len(silent)}, of these seen by the second reading {sum(f.noticed for f in silent)}"
            f"; table blocked {sum(f.blocked for f in group)}, "
            f"other tables blocked {sum(f.others_blocked for f in group)}"
        )
    return "\n".join(lines)


def main() -> None:
    """Print the report for a home."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--missed", action="store_true", help="List the faults not blamed on the parser.")
    given = parser.parse_args()
    faults = []
    for fault in Bench(home_at(given.home)).run(given.count, given.seed):
        faults.append(fault)
        if given.missed and not (fault.blocked and blamed(fault) in ("parser", "not caught by an identity")):
            print(fault, flush=True)
    print(report(faults))


if __name__ == "__main__":
    main()
