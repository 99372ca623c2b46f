"""Where a number comes from: a printed figure, or a value of a mart down to the figures printed for it.

A mart explains itself: its contract says what each column means and how it follows from the others, and its columns
named `…figure_id` lead to the pages. So a new mart needs nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.collect.archive import Archive
from pipelines.contracts import CONTRACTS, Column, Contract
from pipelines.errors import UsageError
from pipelines.extract.pages.model import Box
from pipelines.extract.picture import Spot, draw_figures
from pipelines.settings import ROOT, SQL, Home
from pipelines.warehouse import printed
from pipelines.warehouse.models import Model
from pipelines.warehouse.printed import Row, Section
from pipelines.warehouse.query import query

MOST_PICTURES = 12
"""How many figures one picture shows."""
_SIGNS = str.maketrans({"/": "÷", "*": "×", "-": "−"})
_NAMES_OF_ROW = ("department_name", "region_name")


@dataclass(frozen=True)
class Explanation:
    """What is to be said, and the ids of the printed figures behind it, the most direct first."""

    sections: list[Section]
    figure_ids: list[str]

    def text(self) -> str:
        """All sections as plain text."""
        blocks = []
        for heading, lines in self.sections:
            width = max((len(label) for label, _ in lines), default=0)
            gap = "  " if width else ""
            below = (f"  {label.ljust(width)}{gap}{words}".rstrip() for label, words in lines)
            blocks.append("\n".join([heading, *below]))
        return "\n\n".join(blocks)


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
    department, name = _department(warehouse, question.department)
    measure = _measure(warehouse, question.measure)
    found = [
        (contract, row)
        for contract in _marts(question.mart)
        for row in _rows(warehouse, contract, question, department, measure)
    ]
    if len(found) == 1:
        return _explain_row(warehouse, *found[0])
    if found:
        rows = (f"--mart {contract.table}: {printed.row_name(contract, row)}" for contract, row in found)
        raise UsageError(
            printed.listed(
                f"{len(found)} values match; narrow them with --measure, --stage, --scope, --subject or --mart:", rows
            )
        )
    facts = _facts(warehouse, department, question, measure) if question.mart is None else []
    if len(facts) == 1:
        return explain_figure(home, facts[0]["figure_id"])
    if facts:
        lines = (" ".join((fact["stage"], fact["fund"], fact["nature"], fact["statement_kind"], printed.brief(fact)))
                 for fact in facts)  # fmt: skip
        raise UsageError(printed.listed(f"{len(facts)} facts match; explain one by its figure's id:", lines))
    raise UsageError(_nothing(warehouse, question, department, name))


def draw(home: Home, explanation: Explanation, out: Path) -> list[str]:
    """Write a PNG with the page around each printed figure of `explanation`; gives the ids of those drawn.

    Raises:
        UsageError: when it has no printed figure, or a document's bytes are not in the archive.
    """
    if not explanation.figure_ids:
        raise UsageError("No printed figure lies behind this value, so there is no page to show.")
    archive = Archive(home.archive)
    drawn = explanation.figure_ids[:MOST_PICTURES]
    pages: dict[tuple[Path, int], list[Row]] = {}
    for figure_id in drawn:
        figure = printed.find_figure(home.warehouse, figure_id)
        pdf = archive.path(figure["document_id"])
        if not pdf.exists():
            raise UsageError(f"{pdf} ({figure['file_name']}) is gone from the archive: register the file again.")
        pages.setdefault((pdf, figure["page"]), []).append(figure)
    draw_figures([_spot(pdf, page, figures) for (pdf, page), figures in pages.items()], out)
    return drawn


def _spot(pdf: Path, page: int, figures: Sequence[Row]) -> Spot:
    boxes = [Box(*(figure[name] for name in Box._fields)) for figure in figures]
    ids = ", ".join(figure["figure_id"] for figure in figures)
    return Spot(pdf, page, boxes, f"document {pdf.stem[:12]}, page {page}: {ids}")


def _explain_row(warehouse: Path, contract: Contract, row: Row) -> Explanation:
    values = [(column.name, _value(column, row)) for column in contract.columns if _is_value(column)]
    sections = [Section(f"{contract.name}: {printed.row_name(contract, row)}", values)]
    shown: dict[str, str] = {}
    documents: dict[str, Section] = {}
    for column in contract.columns:
        if not printed.names_figures(column) or not row[column.name]:
            continue
        lines = []
        for figure_id in row[column.name].split(" "):
            if figure_id in shown:
                lines.append(("", f"{figure_id}, as above under {shown[figure_id]}"))
                continue
            shown[figure_id] = column.name
            figure = printed.find_figure(warehouse, figure_id)
            documents.setdefault(figure["document_id"], printed.document(figure))
            lines.append(("", f"{printed.brief(figure)} · {printed.verdicts(warehouse, figure_id)}"))
        sections.append(Section(f"{column.name}: {column.doc}", lines))
    sections += [*documents.values(), _computed_by(contract)]
    return Explanation(sections, list(shown))


def _computed_by(contract: Contract) -> Section:
    """The SQL file that makes the mart, and what its first lines say."""
    path = SQL / "marts" / f"{contract.table}.sql"
    model = Model(contract.name, "mart", path, path.read_text(encoding="utf-8"))
    return Section("Computed by", [(path.relative_to(ROOT).as_posix(), model.description)])


def _is_value(column: Column) -> bool:
    return not (
        column.key or printed.names_figures(column) or column.name.endswith("_key") or column.name in _NAMES_OF_ROW
    )


def _value(column: Column, row: Row) -> str:
    """The value; how it follows from others, with names and then with numbers; what it means."""
    parts = [printed.number(row[column.name])]
    if column.formula:
        names = set(re.findall(r"[a-z_]{2,}", column.formula))
        parts.append(f"= {column.formula}".translate(_SIGNS))
        if all(row[name] is not None for name in names):
            signs = column.formula.translate(_SIGNS)
            parts.append("= " + re.sub(r"[a-z_]{2,}", lambda name: _term(row[name.group()]), signs))
    return f"{' '.join(parts)}  · {column.doc}"


def _term(value: object) -> str:
    """A number as part of a formula."""
    text = printed.number(value)
    return f"({text})" if text.startswith("-") else text


def _department(warehouse: Path, words: str) -> tuple[str, str]:
    """Key and name of the department meant: its key, its name or an alias, or else the only one with these words."""
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


def _measure(warehouse: Path, words: str | None) -> str | None:
    if words is None:
        return None
    rows = query(warehouse, "select measure_id from core.dim_measure where ? in (name_zh, name_en)", [words])
    return rows.item(0, 0) if rows.height else words


def _marts(wanted: str | None) -> list[Contract]:
    """The marts with a row for each department and year, or the one wanted."""
    marts = {
        contract.table: contract
        for contract in CONTRACTS.values()
        if contract.schema == "mart" and {"department_key", "fiscal_year"} <= set(contract.polars_schema)
    }
    if wanted is None:
        return list(marts.values())
    mart = marts.get(wanted.removeprefix("mart."))
    if mart is None:
        raise UsageError(f"No mart {wanted!r} with departments and years. There are {', '.join(marts)}.")
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


def _facts(warehouse: Path, department: str, question: Question, measure: str | None) -> Sequence[Row]:
    """The figures that facts of this measure are made of, with their documents."""
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
    wanted = [department, question.year, measure, question.stage, question.scope, question.subject]
    return query(warehouse, sql, wanted).to_dicts()


def _nothing(warehouse: Path, question: Question, department: str, name: str) -> str:
    """What there is instead: the measures of that department and year, or else its years."""
    there = []
    for contract in _marts(question.mart):
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
