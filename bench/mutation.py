"""How many wrong figures the identities catch: single printed figures of read documents are changed at random.

Each change is made in a copy of its account, many copies are checked in one run, and a change is caught when an
identity of the account no longer holds. Run over the tables of a finished home:

    python -m bench.mutation HOME [--count 2000] [--seed 7]

Nothing is written but the report. Which reader is to blame for a wrong figure is not asked here.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import polars as pl

from pipelines.contracts import CONTRACTS
from pipelines.warehouse.checks import run_check
from pipelines.warehouse.models import Model, load_models, of_kind, tables_read
from pipelines.warehouse.run import write_table

DIGIT, COLUMN, UNIT = "one digit", "shifted column", "swapped unit"
LISTS: Final = ("T_PROC", "T_PROJECT", "T_PERFORMANCE", "T_GPB_PROJECT", "T_PURCHASED_SERVICES")
"""Tables of purchases and projects: free lists, measured apart from the official tables of amounts."""
BATCH = 250
_PROV = ("prov.document", "prov.document_table", "prov.figure")
_AXES = ("column_path", "measure_id", "fund_source", "nature", "stage", "period_year", "breakdown", "statement_kind")


@dataclass(frozen=True)
class Mutation:
    """One changed figure: `kind` of change, what it was, and whether an identity broke."""

    figure_id: str
    document_id: str
    table_id: str
    kind: str
    before: str
    after: str
    caught: bool = False
    reason: str = ""


@dataclass
class _Change:
    mutation: Mutation
    rows: dict[str, dict[str, Any]]
    """The changed columns of each figure that changes."""


def prov_tables(parquet: Path) -> dict[str, pl.DataFrame]:
    """The tables of schema prov that identities read, from the parquet folder of a home."""
    return {name: pl.read_parquet(parquet / f"{name.replace('.', '/')}.parquet") for name in _PROV}


def identity_checks(models: dict[str, Model]) -> list[str]:
    """The checks that read nothing but printed figures and their documents."""
    return [check.name for check in of_kind(models, "check") if tables_read(models, check) <= set(_PROV)]


def mutate(tables: dict[str, pl.DataFrame], count: int, seed: int) -> list[Mutation]:
    """Change `count` figures of recognised tables, one at a time, and say which changes are caught and why not."""
    models = load_models()
    checks = identity_checks(models)
    changes = list(_changes(tables["prov.figure"], tables["prov.document"], count, random.Random(seed)))
    known = _broken(models, checks, tables)
    done: list[Mutation] = []
    for start in range(0, count, BATCH):
        batch = changes[start : start + BATCH]
        results = _results(models, checks, _copies(tables, batch))
        done += _judge(batch, results, known)
    return done


def report(mutations: Iterable[Mutation]) -> str:
    """Caught shares by kind and table, and why the rest was not caught."""
    official = [m for m in mutations if m.table_id not in LISTS]
    lists = [m for m in mutations if m.table_id in LISTS]
    lines = [f"official tables: {_share(official)}"]
    for name, value in (("change", "kind"), ("table", "table_id")):
        groups: dict[str, list[Mutation]] = {}
        for each in official:
            groups.setdefault(getattr(each, value), []).append(each)
        lines += [f"  {name} {key}: {_share(group)}" for key, group in sorted(groups.items())]
    missed = Counter(m.reason for m in official if not m.caught)
    lines += [f"  not caught, {reason}: {number}" for reason, number in missed.most_common()]
    return "\n".join([*lines, f"lists of purchases and projects: {_share(lists)}"])


def _share(group: list[Mutation]) -> str:
    caught = sum(m.caught for m in group)
    return f"{caught} of {len(group)} caught ({100 * caught / max(len(group), 1):.1f} %)"


def _changes(figures: pl.DataFrame, documents: pl.DataFrame, count: int, rng: random.Random) -> Iterator[_Change]:
    clean = documents.filter(pl.col("outcome").is_in(["read", "read_partly"]))["document_id"]
    numbers = figures.filter(
        (pl.col("source_kind") == "table") & pl.col("table_id").is_not_null() & pl.col("value").is_not_null(),
        pl.col("document_id").is_in(clean.implode()),
    ).sort("figure_id")
    places: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in numbers.iter_rows(named=True):
        places.setdefault((row["document_id"], row["table_no"]), []).append(row)
    rows = numbers.to_dicts()
    while count:
        row = rng.choice(rows)
        made = _change(row, places[row["document_id"], row["table_no"]], rng)
        if made is not None:
            count -= 1
            yield made


def _change(row: dict[str, Any], table: list[dict[str, Any]], rng: random.Random) -> _Change | None:
    kind = rng.choice((DIGIT, DIGIT, COLUMN, UNIT))
    if kind == DIGIT:
        text = _other_digit(row["value_text"], rng)
        changed = {row["figure_id"]: _valued(row, text, row["unit"])}
    elif kind == UNIT:
        unit = {"万元": "元", "元": "万元"}.get(row["unit"])
        if unit is None or not row["value"]:
            return None
        text, changed = f"{row['value_text']} {unit}", {row["figure_id"]: _valued(row, row["value_text"], unit)}
    else:
        shifted = _shifted(row, table)
        if shifted is None:
            return None
        text, changed = shifted
    mutation = Mutation(row["figure_id"], row["document_id"], row["table_id"], kind, row["value_text"], text)
    return _Change(mutation, changed)


def _other_digit(text: str, rng: random.Random) -> str:
    places = [i for i, ch in enumerate(text) if ch.isdecimal()]
    i = rng.choice(places)
    return text[:i] + rng.choice([d for d in "0123456789" if d != text[i]]) + text[i + 1 :]


def _valued(row: dict[str, Any], text: str, unit: str | None) -> dict[str, Any]:
    number = Decimal("".join(ch for ch in text if ch in "0123456789.-"))
    number = -abs(number) if row["value"] < 0 else number
    if row["amount_yuan"] is None:
        return {"value_text": text, "value": number}
    factor = {"万元": 10_000, "千元": 1000, "亿元": 100_000_000}.get(unit or "", 1)
    return {"value_text": text, "value": number, "unit": unit, "amount_yuan": round(number * factor, 2)}


def _shifted(row: dict[str, Any], table: list[dict[str, Any]]) -> tuple[str, dict[str, dict[str, Any]]] | None:
    """`row` read one column to the right: exchanged with what stands there, or moved where nothing does."""
    columns: dict[str, dict[str, Any]] = {}
    for each in sorted(table, key=lambda r: r["x0"]):
        columns.setdefault(each["column_path"], each)
    order = list(columns)
    at = order.index(row["column_path"])
    if at + 1 == len(order):
        return None
    target = columns[order[at + 1]]
    there = next(
        (r for r in table if r["row_no"] == row["row_no"] and r["column_path"] == target["column_path"]
         and r["row_label"] == row["row_label"]),
        None,
    )  # fmt: skip
    if there is None:
        moved = {name: target[name] for name in _AXES}
        return f"→ {target['column_path']}", {row["figure_id"]: moved}
    if there["value"] == row["value"]:
        return None
    return there["value_text"], {
        row["figure_id"]: _valued(row, there["value_text"], row["unit"]),
        there["figure_id"]: _valued(there, row["value_text"], there["unit"]),
    }


def _copies(tables: dict[str, pl.DataFrame], batch: Iterable[_Change]) -> dict[str, pl.DataFrame]:
    """For each change a copy of all documents of its account, under keys of their own."""
    documents = tables["prov.document"]
    account = {
        row["document_id"]: row["disclosure_key"] or row["document_id"] for row in documents.iter_rows(named=True)
    }
    members: dict[str, list[str]] = {}
    for document, key in account.items():
        members.setdefault(key, []).append(document)
    copied: dict[str, list[pl.DataFrame]] = {name: [] for name in _PROV}
    for number, change in enumerate(batch):
        ids = members[account[change.mutation.document_id]]
        for name, frame in tables.items():
            part = frame.filter(pl.col("document_id").is_in(ids))
            keys = [c for c in ("document_id", "disclosure_key", "department_key") if c in part.columns]
            part = part.with_columns(pl.col(key) + f"#{number}" for key in keys)
            if name == "prov.figure":
                part = _with_changes(part, change.rows).with_columns(pl.col("figure_id") + f"#{number}")
            copied[name].append(part)
    return {name: pl.concat(frames) for name, frames in copied.items()}


def _with_changes(figures: pl.DataFrame, rows: dict[str, dict[str, Any]]) -> pl.DataFrame:
    for figure, values in rows.items():
        here = pl.col("figure_id") == figure
        figures = figures.with_columns(
            pl.when(here).then(pl.lit(value)).otherwise(pl.col(name)).cast(figures.schema[name]).alias(name)
            for name, value in values.items()
        )
    return figures


def _results(models: dict[str, Model], checks: list[str], tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        parquet = Path(folder)
        for name, frame in tables.items():
            write_table(frame, CONTRACTS[name], parquet)
        return pl.concat([run_check(models, check, parquet) for check in checks])


def _broken(models: dict[str, Model], checks: list[str], tables: dict[str, pl.DataFrame]) -> set[tuple[str, str]]:
    results = _results(models, checks, tables).filter(pl.col("verdict").is_in(["minor", "fail"]))
    return set(results.select("check_id", "figure_ids").rows())


def _judge(batch: Iterable[_Change], results: pl.DataFrame, known: set[tuple[str, str]]) -> Iterator[Mutation]:
    """A change is caught when an identity of its account breaks that held before, even one its figure has left."""
    broken: set[str] = set()
    verdicts: dict[str, set[str]] = {}
    for check, document, ids, verdict in results.select("check_id", "document_id", "figure_ids", "verdict").iter_rows():
        copy = document.partition("#")[2]
        if verdict in ("minor", "fail") and (check, ids.replace(f"#{copy}", "")) not in known:
            broken.add(copy)
        for figure in ids.split():
            verdicts.setdefault(figure, set()).add(verdict)
    for number, change in enumerate(batch):
        mine = set[str]().union(*(verdicts.get(f"{figure}#{number}", set()) for figure in change.rows))
        if str(number) in broken:
            yield replace(change.mutation, caught=True)
        else:
            yield replace(change.mutation, reason=_why_not(mine))


def _why_not(verdicts: set[str]) -> str:
    if not verdicts:
        return "in no identity"
    if "rounding" in verdicts:
        return "within the rounding of its identities"
    return "its identities cannot be evaluated" if "unevaluable" in verdicts else "its identities still hold"


def main() -> None:
    """Print the report for a home."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--missed", action="store_true", help="List the changes that were not caught.")
    given = parser.parse_args()
    mutations = mutate(prov_tables(given.home / "parquet"), given.count, given.seed)
    print(report(mutations))
    if given.missed:
        for each in mutations:
            if not each.caught and each.table_id not in LISTS:
                print(each)


if __name__ == "__main__":
    main()
