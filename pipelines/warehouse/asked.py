"""Which row of a mart is meant, by department, year and measure, or by any words that fit it.

Only finding rows belongs here; where their numbers come from is in `behind`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.contracts import CONTRACTS, Column, Contract
from pipelines.errors import UsageError
from pipelines.warehouse import printed
from pipelines.warehouse.printed import Row
from pipelines.warehouse.query import query

_HASH_SHOWN = 12
"""Digits of a document's sha256 in a list; enough to be told apart, and words may be parts."""
_MOST_ROWS, _MOST_VALUES = 24, 12
_NAMING = ("department_name", "file_name", "member_name", "fiscal_year", "kind", "page")
"""What names a row beside its key."""


@dataclass(frozen=True)
class Question:
    """A value of a mart: `measure` by its id or Chinese name; what is None is not asked for."""

    department: str
    year: int
    measure: str | None = None
    stage: str | None = None
    scope: str | None = None
    subject: str | None = None
    """Code of a functional or economic subject; None for amounts not split by subject."""
    mart: str | None = None


def marts() -> dict[str, Contract]:
    """The contracts of all marts by table name."""
    return {contract.table: contract for contract in CONTRACTS.values() if contract.schema == "mart"}


def is_mart(words: str) -> bool:
    """Whether `words` name a mart, or a column of one after a dot, rather than the id of a figure."""
    return _named(words.removeprefix("mart.").partition(".")[0]) is not None


def mart_and_column(words: str) -> tuple[Contract, Column | None]:
    """The mart that `MART` or `MART.COLUMN` means, by their names or Chinese labels.

    Raises:
        UsageError: when there is none; the message lists what there is.
    """
    table, _, name = words.removeprefix("mart.").partition(".")
    contract = _named(table)
    if contract is None:
        lines = (f"{one.table} ({one.zh}), by {', '.join(one.primary_key)}" for one in marts().values())
        raise UsageError(printed.listed(f"There is no mart {table!r}. There are:", lines))
    column = next((one for one in contract.columns if name and name in (one.name, one.zh)), None)
    if name and column is None:
        lines = (f"{one.name} ({one.zh})" for one in contract.columns if not printed.names_figures(one))
        raise UsageError(printed.listed(f"{contract.name} has no column {name!r}. It has:", lines))
    return contract, column


def row_by_words(warehouse: Path, contract: Contract, words: Sequence[str]) -> Row:
    """The one row of a mart that all `words` fit: each is a value of the row, a part of one, or `column=value`.

    A department may be given by an alias, a measure by its Chinese name. Where a word is the whole value in some rows,
    those are meant rather than rows that merely hold it.

    Raises:
        UsageError: when no row or several fit; the message lists them, or what there is to choose from.
    """
    rows = _fitting(warehouse, contract, words)
    if len(rows) == 1:
        return rows[0]
    if rows:
        heading = f"{len(rows)} rows of {contract.name} fit; add words that only one of them has, or column=value."
        raise UsageError(printed.listed(f"{heading} They have:", _choice(contract, rows)))
    alone = [word for word in words if not _fitting(warehouse, contract, [word])]
    which = f"{alone[0]!r} fits no row" if alone else "No row has all of these words"
    there = _fitting(warehouse, contract, [])
    raise UsageError(printed.listed(f"{which} of {contract.name}. It has:", _choice(contract, there)))


def rows_by_question(warehouse: Path, question: Question) -> list[tuple[Contract, Row]]:
    """The rows of marts with departments and years that `question` fits.

    Raises:
        UsageError: when the department or the mart asked for is not there, or the department is not the only one.
    """
    department, _ = department_of(warehouse, question.department)
    measure = measure_of(warehouse, question.measure)
    return [
        (contract, row)
        for contract in _yearly(question.mart)
        for row in _rows(warehouse, contract, question, department, measure)
    ]


def facts_by_question(warehouse: Path, question: Question) -> Sequence[Row]:
    """The figures that facts of the measure asked for are made of, with their documents."""
    sql = """
        with fact as (
            select * exclude (amount_yuan) from core.fact_amount
            union all by name
            select * exclude (value, unit), 'none' as economic_key from core.fact_metric
        )

        select figure.*, document.file_name, fact.fund_source as fund
        from fact
        inner join core.dim_subject as subject on fact.subject_key = subject.subject_key
        inner join core.dim_economic as economic on fact.economic_key = economic.economic_key
        inner join prov.figure as figure on fact.figure_id = figure.figure_id
        inner join prov.document as document on figure.document_id = document.document_id
        where
            fact.department_key = ? and fact.fiscal_year = ? and fact.measure_id = ?
            and fact.stage = coalesce(?, fact.stage) and fact.scope = coalesce(?, fact.scope)
            and subject.code || economic.code = coalesce(?, '')
        order by figure.statement_kind = 'level' desc, figure.page, figure.figure_id
    """
    department, _ = department_of(warehouse, question.department)
    measure = measure_of(warehouse, question.measure)
    wanted = [department, question.year, measure, question.stage, question.scope, question.subject]
    return query(warehouse, sql, wanted).to_dicts()


def nothing(warehouse: Path, question: Question) -> str:
    """What there is instead: the measures of that department and year, or else its years."""
    department, name = department_of(warehouse, question.department)
    there = []
    for contract in _yearly(question.mart):
        column = _measure_column(contract) or "''"
        sql = f"select distinct fiscal_year, {column} as measure from {contract.name} where department_key = ?"
        there += [(contract.table, row) for row in query(warehouse, sql, [department]).to_dicts()]
    years = sorted({row["fiscal_year"] for _, row in there})
    if question.year not in years:
        known = ", ".join(map(str, years)) or "no year"
        return f"Nothing is known of {name} in {question.year}; the marts have {known}."
    lines = sorted(f"{mart}: {row['measure']}" for mart, row in there if row["fiscal_year"] == question.year)
    asked = " ".join(filter(None, (question.measure, question.stage, question.scope)))
    return printed.listed(f"No {asked or 'value'} of {name} in {question.year}. The marts have:", iter(lines))


def department_of(warehouse: Path, words: str) -> tuple[str, str]:
    """Key and name of the department meant: its key, its name or an alias, or else the only one with these words.

    Raises:
        UsageError: when there is none, or several; the message lists those.
    """
    sql = """
        select distinct department.department_key, department.name, department.region_name,
            $1 in (department.department_key, department.name, alias.alias) as exact,
            department.department_key in (select bridge.unit_key from core.bridge_department_unit as bridge)
            and department.department_key not in (select document.department_key from core.dim_document as document)
                as only_named
        from core.dim_department as department
        left join core.dim_department_alias as alias on department.department_key = alias.department_key
        where exact or contains(department.name, $1) or contains(alias.alias, $1)
        order by all
    """
    rows = query(warehouse, sql, [words]).to_dicts()
    fitting = [row for row in rows if row["exact"]] or rows
    # Units that are only named in a department's account have none of their own.
    found = {row["department_key"]: row for row in [row for row in fitting if not row["only_named"]] or fitting}
    if not found:
        raise UsageError(f'No department {words!r}. List them: juesuan query "from core.dim_department"')
    if len(found) > 1:
        lines = (f"{row['name']} ({row['region_name']}): {key}" for key, row in found.items())
        raise UsageError(printed.listed(f"{words!r} fits {len(found)} departments; give one of the keys:", lines))
    ((key, row),) = found.items()
    return key, row["name"]


def measure_of(warehouse: Path, words: str | None) -> str | None:
    """The id of a measure given by its id or one of its names; words that are neither stay as they are."""
    if words is None:
        return None
    rows = query(warehouse, "select measure_id from core.dim_measure where ? in (name_zh, name_en)", [words])
    return rows.item(0, 0) if rows.height else words


def _named(words: str) -> Contract | None:
    return next((one for one in marts().values() if words in (one.table, one.zh)), None)


def _fitting(warehouse: Path, contract: Contract, words: Sequence[str]) -> list[Row]:
    """The rows that all words fit, of these the ones in which most words are whole values."""
    names = {name: column.name for column in contract.columns for name in (column.name, column.zh)}
    fits, whole = ["true"], ["0"]
    values: list[object] = []
    for word in words:
        column, sign, value = word.partition("=")
        if sign and column in names:
            searched, given = [names[column]], value
        else:
            searched, given = list(_searched(contract)), word
        listed = ", ".join(f"lower(cast({name} as varchar))" for name in searched)
        values.append([each.lower() for each in _also(warehouse, given)])
        exact = f"list_has_any([{listed}], ${len(values)})"
        values.append(given.lower())
        whole.append(f"cast({exact} as int)")
        fits.append(f"({exact} or contains(concat_ws(chr(10), {listed}), ${len(values)}))")
    sql = f"""
        select * from {contract.name} where {" and ".join(fits)}
        qualify {" + ".join(whole)} = max({" + ".join(whole)}) over () order by {", ".join(contract.primary_key)}
    """
    return query(warehouse, sql, values).to_dicts()


def _searched(contract: Contract) -> Iterator[str]:
    """The columns that tell rows apart or name what they are about."""
    for column in contract.columns:
        if column.key or column.allowed or column.name in ("fiscal_year", "page") or column.name.endswith("_name"):
            yield column.name


def _also(warehouse: Path, words: str) -> list[str]:
    """The words, and what stands for them in the marts: a department's key and name, a measure's id."""
    sql = """
        select unnest([department.department_key, department.name]) as name
        from core.dim_department as department
        left join core.dim_department_alias as alias on department.department_key = alias.department_key
        where $1 in (department.department_key, department.name, alias.alias)
        union
        select measure_id from core.dim_measure where $1 in (name_zh, name_en)
    """
    return [words, *query(warehouse, sql, [words])["name"]]


def row_name(contract: Contract, row: Row) -> str:
    """A row by what tells it apart and what it is about, in words that find it again."""
    parts = [_shown(row[column.name]) for column in _naming(contract, row)]
    return " · ".join(dict.fromkeys(part for part in parts if part))


def _naming(contract: Contract, row: Row) -> Iterator[Column]:
    for column in contract.columns:
        named = column.name == "department_key" and row.get("department_name")
        if (column.key or column.name in _NAMING) and not named and not printed.names_figures(column):
            yield column


def _shown(given: object) -> str:
    text = "" if given in (None, "none") else str(given)
    return text[: _HASH_SHOWN if re.fullmatch("[0-9a-f]{64}", text) else None]


def _choice(contract: Contract, rows: Sequence[Row]) -> Iterator[str]:
    """The rows to choose from, or where they are many the values of each column that tells them apart."""
    if len(rows) <= _MOST_ROWS:
        yield from (row_name(contract, row) for row in rows)
        return
    for column in _naming(contract, rows[0]):
        given = sorted({row[column.name] for row in rows} - {None, "", "none"})
        values = [_shown(one) for one in given]
        rest = f" … ({len(values)})" if len(values) > _MOST_VALUES else ""
        if values:
            yield f"{column.name}: {', '.join(values[:_MOST_VALUES])}{rest}"


def _yearly(wanted: str | None) -> list[Contract]:
    """The marts with a row for each department and year, or the one wanted."""
    found = {
        name: contract
        for name, contract in marts().items()
        if {"department_key", "fiscal_year"} <= set(contract.polars_schema)
    }
    if wanted is None:
        return list(found.values())
    mart = found.get(wanted.removeprefix("mart."))
    if mart is None:
        raise UsageError(f"No mart {wanted!r} with departments and years. There are {', '.join(found)}.")
    return [mart]


def _rows(
    warehouse: Path, contract: Contract, question: Question, department: str, measure: str | None
) -> Sequence[Row]:
    wanted: dict[str, object] = {"department_key": department, "fiscal_year": question.year}
    axes = (("stage", question.stage), ("scope", question.scope), ("subject_code", question.subject))
    wanted |= {name: value for name, value in axes if value}
    if measure is not None:
        wanted[_measure_column(contract) or ""] = measure
    if not set(wanted) <= set(contract.polars_schema):
        return []
    where = " and ".join(f"{name} = ?" for name in wanted)
    return query(warehouse, f"select * from {contract.name} where {where} order by all", [*wanted.values()]).to_dicts()


def _measure_column(contract: Contract) -> str | None:
    return next((name for name in contract.primary_key if name == "measure_id" or name.endswith("_measure")), None)
