"""Everything the warehouse knows of one printed figure, in words: what is printed, what it means, what says otherwise.

Only figures belong here; how a value of a mart comes about is in `explain`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from pipelines.catalogue.measures import measure_catalogue
from pipelines.contracts import CONTRACTS, Column, Contract
from pipelines.errors import UsageError
from pipelines.warehouse.query import query

Row = dict[str, Any]
SHORTEST_PREFIX = 6
_SHOWN = 12
"""How many rows of one kind are listed before the rest is counted."""
_NOT_GRAIN = ("figure_id", "document_id", "disclosure_key", "value")
_WORST_FIRST = ("fail", "minor", "unevaluable", "rounding", "exact", "not_applicable")

_FIGURE = """
select
    figure.*, document.file_name, document.title, document.link_title, document.portal_region, document.source_url,
    document.publisher, document.published_on, document.outcome, document.outcome_reason, document.disclosure_key
from prov.figure as figure
inner join prov.document as document on figure.document_id = document.document_id
"""
_CHECKS = """
select result.*, blame.whose_error, blame.evidence
from prov.check_result as result
left join prov.blame as blame on result.check_id = blame.check_id and result.figure_ids = blame.figure_ids
where list_contains(string_split(result.figure_ids, ' '), ?)
"""
_CONFLICT = """
select other.figure_id, other.value, document.file_name
from prov.conflict as mine
inner join prov.conflict as other
    on mine.disclosure_key = other.disclosure_key and ({mine}) = ({other})
inner join prov.document as document on other.document_id = document.document_id
where mine.figure_id = ? and other.figure_id <> mine.figure_id
"""
# The fact of the grain that a figure states, where another copy was chosen for it.
_STANDING = """
with fact as (
    select * exclude (amount_yuan) from core.fact_amount
    union all by name
    select * exclude (value, unit), 'none' as economic_key from core.fact_metric
)

select fact.figure_id
from prov.figure as figure
inner join prov.document as document on figure.document_id = document.document_id
inner join fact
    on
        document.department_key = fact.department_key
        and figure.period_year = fact.fiscal_year
        and figure.measure_id = fact.measure_id
        and figure.statement_kind = fact.statement_kind
        and figure.stage = fact.stage
        and coalesce(figure.fund_source, 'all') = fact.fund_source
        and figure.nature = fact.nature
        and figure.base = fact.base
        and figure.breakdown = fact.breakdown
        and coalesce(document.scope, 'department') = fact.scope
inner join core.dim_subject as subject on fact.subject_key = subject.subject_key
inner join core.dim_economic as economic on fact.economic_key = economic.economic_key
where
    figure.figure_id = ?
    and coalesce(figure.subject_code, figure.subject_code_inferred, '') = subject.code || economic.code
"""


class Section(NamedTuple):
    """A heading, and lines of a label and its words."""

    heading: str
    lines: list[tuple[str, str]]


def find_figure(warehouse: Path, prefix: str) -> Row:
    """The figure whose id begins with `prefix`, with what is known of its document.

    Raises:
        UsageError: when no figure or several begin so.
    """
    if len(prefix) < SHORTEST_PREFIX:
        raise UsageError(f"{prefix!r} is too short: give at least {SHORTEST_PREFIX} digits of the figure's id.")
    found = query(warehouse, f"{_FIGURE} where starts_with(figure.figure_id, ?)", [prefix.lower()]).to_dicts()
    if not found:
        raise UsageError(
            f"No figure {prefix!r} in {warehouse}. Figure ids are in prov.figure and in the columns of marts whose "
            "names end in figure_id."
        )
    if len(found) > 1:
        raise UsageError(listed(f"{len(found)} figures begin with {prefix!r}; give more of the id:", map(brief, found)))
    return found[0]


def pieces(warehouse: Path, figure: Row) -> list[Row]:
    """The boxes of a figure's number and, in running text, of its sentence, as rows of prov.statement_box."""
    sql = "from prov.statement_box where figure_id = ? order by part, piece_no"
    boxes = query(warehouse, sql, [figure["figure_id"]]).to_dicts()
    return boxes or [figure | {"part": "number"}]


def sections(warehouse: Path, figure: Row) -> Iterator[Section]:
    """All that is known of a figure, as `find_figure` gives it."""
    figure_id = figure["figure_id"]
    yield Section(f"Figure {figure_id}", list(_printed(figure)))
    if figure["correction_id"]:
        yield Section("Correction", _correction(warehouse, figure_id))
    yield document(figure)
    rivals = _rivals(warehouse, figure_id)
    used = list(_used(warehouse, figure_id))
    yield Section("Used by", used or [("", _why_not_used(warehouse, figure, bool(rivals)))])
    if rivals:
        yield Section("In conflict with", rivals)
    yield checks(warehouse, figure_id)


def brief(figure: Row) -> str:
    """A figure in one line: what is printed, where, and in which row and column or sentence."""
    place = (
        [figure["sentence"] or ""]
        if figure["source_kind"] == "text"
        else [figure["table_title"], " ".join(filter(None, (figure["subject_code"], figure["row_label"]))),
              figure["column_path"]]
    )  # fmt: skip
    corrected = f", corrected to {number(figure['corrected_value'])}" if figure["correction_id"] else ""
    where = f"page {figure['page']} of {figure['file_name']}"
    return " · ".join(filter(None, (f"{printed(figure)}{corrected}", where, *place, figure["figure_id"])))


def printed(figure: Row) -> str:
    """The printed text with its unit."""
    text, unit = figure["value_text"] or figure["value_state"], figure["unit"] or ""
    return text if not unit or text.endswith(unit) else f"{text} {unit}"


def document(figure: Row) -> Section:
    """The document a figure is printed in."""
    outcome = ": ".join(filter(None, (figure["outcome"], figure["outcome_reason"])))
    facts = (
        ("file", figure["file_name"]), ("sha256", figure["document_id"]), ("title", figure["title"]),
        ("address", figure["source_url"]), ("link title", figure["link_title"]), ("region", figure["portal_region"]),
        ("publisher", figure["publisher"]), ("published", figure["published_on"]),
        ("account", figure["disclosure_key"]), ("outcome", outcome),
    )  # fmt: skip
    return Section("Document", [(label, words) for label, words in facts if words])


def checks(warehouse: Path, figure_id: str) -> Section:
    """The identities a figure takes part in, the worst first."""
    rows = query(warehouse, _CHECKS, [figure_id]).to_dicts()
    rows.sort(key=lambda row: (_WORST_FIRST.index(row["verdict"]), row["check_id"], row["subject"]))
    lines = [(row["verdict"], _checked(row)) for row in rows[:_SHOWN]]
    if len(rows) > _SHOWN:
        lines.append(("", f"and {len(rows) - _SHOWN} more, {rows[_SHOWN]['verdict']} or better"))
    heading = f"Checks: the figure is {_trust(warehouse, figure_id)}"
    return Section(heading, lines or [("", "It takes part in no identity that could be tried.")])


def verdicts(warehouse: Path, figure_id: str) -> str:
    """How many identities of a figure got which verdict, the worst first."""
    found = [row["verdict"] for row in query(warehouse, _CHECKS, [figure_id]).to_dicts()]
    counts = [f"{found.count(verdict)} {verdict}" for verdict in _WORST_FIRST if verdict in found]
    return f"{_trust(warehouse, figure_id)} ({', '.join(counts) or 'no check'})"


def _trust(warehouse: Path, figure_id: str) -> str:
    """Proven, contradicted or unproven, as the checks leave it."""
    rows = query(warehouse, "select figure_class from prov.figure_class where figure_id = ?", [figure_id])
    return str(rows.item()) if rows.height else "unproven"


def names_figures(column: Column) -> bool:
    """Whether a column holds ids of printed figures, by its name."""
    return column.name.endswith(("figure_id", "figure_ids"))


def marts_with_figures() -> Iterator[tuple[Contract, list[str]]]:
    """The marts whose values come from printed figures, and the columns that name those.

    A mart that has figures in its key is about them, and no use of them.
    """
    for contract in CONTRACTS.values():
        columns = [column for column in contract.columns if names_figures(column)]
        if contract.schema == "mart" and columns and not any(column.key for column in columns):
            yield contract, [column.name for column in columns]


def row_name(contract: Contract, row: Row) -> str:
    """A row of a mart or fact by its key; a department by its name."""
    values = [row.get("department_name") if name == "department_key" else row[name] for name in contract.primary_key]
    return " ".join(str(value) for value in values if value not in (None, "", "none"))


def number(value: object) -> str:
    """A number for people: thousands separators, no trailing zeros beyond what money has."""
    if isinstance(value, Decimal):
        text = f"{value:,f}"
        whole, _, decimals = text.partition(".")
        decimals = decimals.rstrip("0")
        return f"{whole}.{decimals.ljust(2, '0')}" if decimals else whole
    return "–" if value is None else str(value)


def listed(heading: str, lines: Iterator[str]) -> str:
    """A message with candidates below it, the first of them when there are many."""
    every = list(lines)
    rest = [f"  … and {len(every) - 2 * _SHOWN} more"] if len(every) > 2 * _SHOWN else []
    return "\n".join([heading, *(f"  {line}" for line in every[: 2 * _SHOWN]), *rest])


def _printed(figure: Row) -> Iterator[tuple[str, str]]:
    box = " ".join(f"{figure[name]:.1f}" for name in ("x0", "y0", "x1", "y1"))
    state = "" if figure["value_state"] == "number" else f" ({figure['value_state']})"
    yield "printed", f"{printed(figure)}{state}"
    yield "where", f"page {figure['page']}, box {box} (points from the lower left corner)"
    if figure["source_kind"] == "text":
        yield "sentence", figure["sentence"] or ""
    else:
        known = figure["table_id"] or "not recognised"
        yield "table", f"{figure['table_no']}: {figure['table_title']} ({known})"
        code = figure["subject_code"] or (f"{figure['subject_code_inferred']} by its name"
                                          if figure["subject_code_inferred"] else "")  # fmt: skip
        yield "row", " ".join(filter(None, (f"{figure['row_no']}:", code, figure["row_label"])))
        yield "column", figure["column_path"]
    yield "means", _meaning(figure)
    if figure["amount_yuan"] is not None:
        yield "amount", f"{number(figure['amount_yuan'])} 元"
    yield "read by", figure["extractor"]


def _meaning(figure: Row) -> str:
    catalogue = measure_catalogue()
    measure = catalogue.measures.get(figure["measure_id"] or "")
    if measure is None:
        return "not understood: no measure is known for it, so it makes no fact"
    axes = (
        ("fund_source", catalogue.fund_sources), ("nature", catalogue.natures), ("stage", catalogue.stages),
    )  # fmt: skip
    labels = [f"{known[figure[name]].zh} ({figure[name]})" for name, known in axes if figure[name] in known]
    others = [figure["statement_kind"], figure["period_year"], figure["base"], figure["breakdown"],
              figure["subject_label"]]  # fmt: skip
    return " · ".join([f"{measure.zh} ({figure['measure_id']})", *(str(each) for each in others if each), *labels])


def _correction(warehouse: Path, figure_id: str) -> list[tuple[str, str]]:
    row = query(warehouse, "select * from prov.correction where figure_id = ?", [figure_id]).row(0, named=True)
    return [
        ("corrected", f"{row['printed_text']} → {number(row['corrected_value'])}, in the printed unit"),
        ("reason", row["reason"]),
        ("by", f"{row['corrected_by']}, {row['corrected_on']} ({row['correction_id']} in {row['file_name']})"),
    ]


def _used(warehouse: Path, figure_id: str) -> Iterator[tuple[str, str]]:
    department = "inner join core.dim_department using (department_key)"
    for name, column in (("core.fact_amount", "amount_yuan"), ("core.fact_metric", "value")):
        sql = f"select fact.*, name as department_name from {name} as fact {department} where figure_id = ?"
        for row in query(warehouse, sql, [figure_id]).to_dicts():
            copies = f"; printed {row['copies']} times, {'' if row['copies_agree'] else 'not '}always the same"
            corrected = ", corrected" if row["correction_id"] else ""
            unit = "元" if column == "amount_yuan" else row["unit"]
            yield (
                name,
                (
                    f"{row_name(CONTRACTS[name], row)}: {number(row[column])} {unit}{corrected}"
                    f"{copies if row['copies'] > 1 else ''}"
                ),
            )
    for contract, columns in marts_with_figures():
        held = " or ".join(f"list_contains(string_split({column}, ' '), $1)" for column in columns)
        for row in query(warehouse, f"select * from {contract.name} where {held}", [figure_id]).to_dicts():
            roles = [column for column in columns if figure_id in (row[column] or "").split(" ")]
            yield contract.name, f"{row_name(contract, row)}, as {', '.join(roles)}"


def _rivals(warehouse: Path, figure_id: str) -> list[tuple[str, str]]:
    """The figures of other files that claim the same account and say something else."""
    grain = [name for name in CONTRACTS["prov.conflict"].polars_schema if name not in _NOT_GRAIN]
    mine, other = (", ".join(f"{side}.{name}" for name in grain) for side in ("mine", "other"))
    rows = query(warehouse, _CONFLICT.format(mine=mine, other=other), [figure_id]).to_dicts()
    return [(row["figure_id"], f"{number(row['value'])} in {row['file_name']}") for row in rows]


def _why_not_used(warehouse: Path, figure: Row, disputed: bool) -> str:
    if figure["measure_id"] is None:
        return "Nothing: what it means is not known."
    blocked = query(warehouse, "select reason from prov.blocked_figure where figure_id = ?", [figure["figure_id"]])
    if blocked.height:
        return f"Nothing: it may have been read wrongly. {blocked.item(0, 0)}"
    if figure["disclosure_key"] is None:
        return "Nothing: department, year or kind of its document is not known."
    if disputed:
        return "Nothing: another file that claims the same account says something else."
    standing = query(warehouse, _STANDING, [figure["figure_id"]])
    if standing.height:
        other = query(warehouse, f"{_FIGURE} where figure.figure_id = ?", [standing.item(0, 0)]).row(0, named=True)
        return f"Nothing: for the same amount another printed figure was chosen, {brief(other)}"
    return "Nothing: its subject is not resolved, or its table prints several numbers for what it means."


def _checked(row: Row) -> str:
    sides = f"{number(row['lhs'])} against {number(row['rhs'])}"
    off = f", off by {number(row['difference'])}, tolerance {number(row['tolerance'])}" if row["difference"] else ""
    whose = f"; whose error: {row['whose_error']}, {row['evidence']}" if row["whose_error"] else ""
    return f"{row['check_id']}: {row['subject']}: {sides}{off}{whose}"
