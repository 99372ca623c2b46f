"""Which units each department's account covers: core.bridge_department_unit, from printed facts alone.

Three things tell: a list the department prints (read by `pipelines.extract.units`), rows of one unit each in its
tables of revenue and expenditure, and documents of units that name themselves by the department's own name. A
department's own office (本级) has the department's key: how much it covers is scope, not another body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import Any, NamedTuple

import polars as pl

from pipelines.catalogue.units import unit_words
from pipelines.contracts import CONTRACTS
from pipelines.normalise.departments import Department, Registry
from pipelines.normalise.reference import Reference
from pipelines.words import canonical

BRIDGE = CONTRACTS["core.bridge_department_unit"]
LISTING_TABLES = ("T_REV", "T_EXP")
"""Tables that give each unit of an account a row."""
_OWN = "本级"
_BRACKETS = re.compile(r"(\([^()]*\))+$")
_ACCOUNT = ["department_key", "fiscal_year", "kind"]
_EVIDENCE = ("list", "rows", "document")


class Units(NamedTuple):
    """Rows of core.bridge_department_unit, and departments and aliases with those of the units added."""

    bridge: pl.DataFrame
    departments: pl.DataFrame
    aliases: pl.DataFrame


class _Names:
    """Tells which department the printed name of a unit means."""

    def __init__(self, departments: pl.DataFrame, reference: Reference) -> None:
        self._registry = Registry(reference)
        self._known = {row["department_key"]: row for row in departments.iter_rows(named=True)}
        self.found: dict[str, Department] = {}
        self.aliases: set[tuple[str, str]] = set()

    def key(self, printed: str, department_key: str) -> str:
        """The key of the unit so printed by that department; the department's own for its own office."""
        department = self._known[department_key]
        region = department["region_name"] if department["region_code"] else ""
        name = canonical(printed)
        bare = _BRACKETS.sub("", name)
        unit = self._registry.department(bare, region)
        if unit_words().is_own_office(name) or unit.key == department_key:
            key = department_key
        else:
            if unit.key not in self._known and not bare.startswith(unit.region.names):
                # 机关服务中心: a name that says not where belongs to its department.
                unit = self._registry.department(department["name"] + bare, region)
            key = unit.key
            self.found[key] = unit
        if printed != _OWN:
            self.aliases.add((key, printed))
        return key


def read_units(
    listed: pl.DataFrame, figures: pl.DataFrame, documents: pl.DataFrame, departments: pl.DataFrame,
    aliases: pl.DataFrame, reference: Reference,
) -> Units:  # fmt: skip
    """The units of all accounts.

    `listed` keeps the contract extracted_unit, `figures` and `documents` have the columns of prov.figure and
    prov.document, and `documents` has `replaced_by`; `departments` and `aliases` are core.dim_department and _alias.
    """
    names = _Names(departments, reference)
    accounts = documents.filter(pl.col("disclosure_key").is_not_null() & pl.col("replaced_by").is_null()).with_columns(
        scope=pl.col("scope").fill_null("department")
    )
    whole = accounts.filter(pl.col("scope") == "department").select(*_ACCOUNT, "document_id")
    mentions = pl.concat([_in_lists(listed, whole), _in_rows(figures, whole), _in_documents(accounts, whole)])
    rows = [
        row
        for account, group in groupby(
            mentions.sort(*_ACCOUNT, "order", maintain_order=True).to_dicts(),
            key=lambda row: tuple(row[name] for name in _ACCOUNT),
        )
        for row in _account_rows([row | {"unit_key": names.key(row["unit_name"], str(account[0]))} for row in group])
    ]
    return Units(BRIDGE.frame(rows).sort(BRIDGE.primary_key), _with_units(departments, names), _named(aliases, names))


def _in_lists(listed: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    return _mentions(
        listed.sort("document_id", "unit_no").join(whole, on="document_id", maintain_order="left"),
        "list", merged=pl.col("merged"), stated=pl.col("stated_units"),
    )  # fmt: skip


def _in_rows(figures: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    """The first figure printed for each unit; a unit of which only a code is printed has no name to be known by."""
    named = (
        figures.filter((pl.col("source_kind") == "table") & pl.col("table_id").is_in(LISTING_TABLES))
        .with_columns(unit_name=pl.col("breakdown").str.extract(r"(?:^|;)unit=([^;]*)"))
        .filter(pl.col("unit_name").str.contains(r"\p{Han}"))
        .sort("document_id", "table_no", "row_no", "x0", "figure_id")
        .unique(["document_id", "unit_name"], keep="first", maintain_order=True)
    )
    return _mentions(named.join(whole, on="document_id", maintain_order="left"), "rows", figure_id=pl.col("figure_id"))


def _in_documents(accounts: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    own = accounts.filter(pl.col("scope") != "department").join(whole.select(_ACCOUNT).unique(), on=_ACCOUNT)
    own = own.sort("document_id").with_columns(unit_name="department_name", page=pl.lit(1, pl.Int32))
    return _mentions(own, "document")


def _mentions(frame: pl.DataFrame, evidence: str, **columns: pl.Expr) -> pl.DataFrame:
    plain = {"merged": pl.lit(False), "stated": pl.lit(None, pl.Int32), "figure_id": pl.lit(None, pl.String)}
    return frame.select(
        *_ACCOUNT, "document_id", "unit_name", "page", evidence=pl.lit(evidence),
        order=pl.lit(_EVIDENCE.index(evidence), pl.Int32), **(plain | columns),
    )  # fmt: skip


def _account_rows(mentions: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """One row for each unit of one account, by the best evidence, which comes first in `mentions`."""
    known = {row["unit_key"] for row in mentions}
    lists: dict[str, set[str]] = {}
    stated: dict[str, set[int]] = {}
    for row in mentions:
        if row["evidence"] == "list":
            lists.setdefault(row["document_id"], set()).add(row["unit_key"])
            if row["stated"] is not None:
                stated.setdefault(row["document_id"], set()).add(row["stated"])
    complete = bool(lists) and all(
        units == known and stated.get(document, {len(units)}) == {len(units)} for document, units in lists.items()
    )
    merged = {row["unit_key"] for row in mentions if row["merged"]}
    best: dict[str, dict[str, Any]] = {}
    for row in mentions:
        best.setdefault(row["unit_key"], row)
    columns = ("unit_key", "unit_name", "evidence", "document_id", "page", "figure_id", *_ACCOUNT)
    for key, row in best.items():
        yield {name: row[name] for name in columns} | {"complete": complete, "budgeted_separately": key not in merged}


def _with_units(departments: pl.DataFrame, names: _Names) -> pl.DataFrame:
    known = set(departments["department_key"])
    rows = [
        {"department_key": unit.key, "name": unit.name, "region_name": unit.region.name or "未知",
         "region_code": unit.region.code, "status": "curated" if unit.curated else "provisional"}
        for unit in names.found.values()
        if unit.key not in known
    ]  # fmt: skip
    added = pl.DataFrame(rows, schema={name: departments.schema[name] for name in departments.columns})
    return pl.concat([departments, added]).sort("department_key")


def _named(aliases: pl.DataFrame, names: _Names) -> pl.DataFrame:
    rows = [{"department_key": key, "alias": alias, "alias_kind": "printed"} for key, alias in sorted(names.aliases)]
    added = pl.DataFrame(rows, schema=aliases.schema)
    both = pl.concat([aliases, added]).unique(["department_key", "alias"], keep="first", maintain_order=True)
    return both.sort("department_key", "alias")
