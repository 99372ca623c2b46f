"""The data dictionary: every published column in words, written to docs/data-dictionary.md.

`python -m pipelines.warehouse.dictionary` writes the file; a test demands that it is up to date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from pipelines.contracts import CONTRACT_VERSION, CONTRACTS, Column, Contract
from pipelines.settings import ROOT
from pipelines.warehouse.models import Model, all_lineage, load_models, of_kind

FILE = ROOT / "docs" / "data-dictionary.md"
_SCHEMAS = {
    "prov": "Provenance: documents, printed figures and everything that can be said against them.",
    "ref": "Curated lists, from `raw/reference`.",
    "core": "The star: facts keyed by department, year and subject, and the dimensions.",
    "mart": "Tables for comparing departments; each is a file of `sql/marts`.",
    "meta": "Builds and column lineage.",
}


def render(models: Mapping[str, Model]) -> str:
    """The whole dictionary as Markdown."""
    sources: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in all_lineage(models):
        source = f"{row['source_schema']}.{row['source_table']}.{row['source_column']}"
        sources[f"{row['schema']}.{row['table']}", row["column"]].append(source)
    lines = [
        "# Data dictionary",
        "",
        "Generated from `pipelines/contracts` and `sql/` by `python -m pipelines.warehouse.dictionary`; do not edit.",
        f"Contract version {CONTRACT_VERSION}. NULL means not disclosed, 0 a printed zero. `_yuan` is always 元,"
        " `_pct` percent as printed.",
    ]
    for schema, about in _SCHEMAS.items():
        lines += ["", f"## {schema}", "", about]
        for contract in CONTRACTS.values():
            if contract.schema == schema:
                lines += _table(contract, sources)
    lines += ["", "## Views", "", "| view | what it shows |", "|---|---|"]
    lines += [f"| `{view.name}` | {view.description} |" for view in of_kind(models, "view")]
    lines += ["", "## Checks", "", "Results are rows of `prov.check_result`; a gate stops publishing when it fails."]
    lines += ["", "| check | demands | what it tests | by | gate |", "|---|---|---|---|---|"]
    lines += [
        f"| `{check.name}` | {check.demands} | {check.description} | {check.source} | {'yes' if check.gate else ''} |"
        for check in of_kind(models, "check")
    ]
    return "\n".join(lines) + "\n"


def _table(contract: Contract, sources: Mapping[tuple[str, str], list[str]]) -> list[str]:
    with_sources = contract.schema == "mart"
    lines = ["", f"### {contract.name} · {contract.zh}", "", contract.doc, ""]
    lines += ["| column | 名称 | type | rules | meaning |" + (" comes from |" if with_sources else "")]
    lines += ["|---|---|---|---|---|" + ("---|" if with_sources else "")]
    for column in contract.columns:
        rules = "; ".join(column.constraints).replace("|", "\\|")
        meaning = " ".join(filter(None, (column.doc, _behind(column))))
        cells = [f"`{column.name}`", column.zh, column.duckdb, rules, meaning]
        if with_sources:
            cells.append(", ".join(f"`{source}`" for source in sources[contract.name, column.name]))
        lines.append(f"| {' | '.join(cells)} |")
    queries: dict[str, list[str]] = defaultdict(list)
    for column in contract.columns:
        if column.behind:
            queries[column.behind].append(f"`{column.name}`")
    lines += ["", "What lies behind, `$column` being a value of the row:", ""] if queries else []
    lines += [f"- {', '.join(names)}: `{sql}`" for sql, names in queries.items()]
    return lines


def _behind(column: Column) -> str:
    """How a number follows from other columns, where it is printed, or why it is not."""
    if column.formula:
        return f"= `{column.formula}`"
    printed = f"Printed as {', '.join(f'`{name}`' for name in column.printed_as)}." if column.printed_as else None
    return " ".join(filter(None, (printed, column.unprinted)))


def main() -> None:
    """Write the dictionary."""
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(render(load_models()), encoding="utf-8")


if __name__ == "__main__":
    main()
