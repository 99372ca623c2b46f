"""Forms of provinces that no sample is of, typeset and read the whole way: what each figure means, and the identities.

A form is `NAME.yaml`, a document as `pipelines/typeset/spec.py` describes it, with a made-up department. `NAME.csv`
beside it lists what its figures other than zero mean; UPDATE_SNAPSHOTS=1 writes it anew, to be read before it is
committed.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from assets.cli import main
from pipelines.typeset.fonts import FontMissingError, builtin_song, embedded_song
from pipelines.typeset.render import typeset
from pipelines.typeset.spec import load_document

HERE = Path(__file__).parent
FORMS = sorted(HERE.glob("*.yaml"))
MEANING = """
select
    source_kind, table_id, row_label, column_path, value_text, unit, measure_id, statement_kind, fund_source, nature,
    stage, period_year, base, breakdown, coalesce(subject_code, subject_code_inferred) as subject
from prov.figure
inner join prov.document using (document_id)
where file_name = ? and value is distinct from 0
order by page, table_no, row_no, y1 desc, x0
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """All forms typeset and built into one warehouse."""
    try:
        font = embedded_song()
    except FontMissingError:
        font = builtin_song()
    folder, home = tmp_path_factory.mktemp("forms"), tmp_path_factory.mktemp("home")
    with (folder / "links.csv").open("w", encoding="utf-8", newline="") as file:
        links = csv.writer(file)
        links.writerow(("file", "link_title", "portal_region"))
        for form in FORMS:
            document = load_document(form)
            (folder / f"{form.stem}.pdf").write_bytes(typeset(document, font).pdf)
            links.writerow((f"{form.stem}.pdf", document.link_title, document.portal_region))
    arguments = ["build", str(folder), "--links", str(folder / "links.csv"), "--home", str(home), "--workers", "1"]
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return duckdb.connect(str((home / "juesuan.duckdb").resolve()), read_only=True)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_every_figure_has_its_meaning(warehouse: duckdb.DuckDBPyConnection, form: Path) -> None:
    cursor = warehouse.execute(MEANING, [f"{form.stem}.pdf"])
    assert cursor.description is not None
    head = [column[0] for column in cursor.description]
    rows = [["" if value is None else str(value) for value in row] for row in cursor.fetchall()]
    expected = form.with_suffix(".csv")
    if os.environ.get("UPDATE_SNAPSHOTS"):
        with expected.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *rows])
    with expected.open(encoding="utf-8", newline="") as file:
        assert [head, *rows] == list(csv.reader(file))


def test_the_documents_say_what_they_are(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        "select file_name, department_name, fiscal_year, kind, scope, outcome from prov.document order by 1"
    ).fetchall()
    assert found == [
        ("county-budget-2023.pdf", "云溪县统计局", 2023, "budget", "department", "read"),
        ("national-final-2022.pdf", "云溪县水利局", 2022, "final", "department", "read"),
    ]


def test_no_identity_is_broken_and_many_are_tried(warehouse: duckdb.DuckDBPyConnection) -> None:
    verdicts = dict(warehouse.execute("select verdict, count(*) from prov.check_result group by 1").fetchall())
    assert "fail" not in verdicts and "minor" not in verdicts
    assert verdicts["exact"] > 400
    tried = {check for (check,) in warehouse.execute("select distinct check_id from prov.check_result").fetchall()}
    assert tried >= {
        "balance", "code_hierarchy", "expenditure_by_nature", "funds_of_row", "grand_total",
        "income_equals_expenditure", "revenue_by_source", "row_totals",
        "three_public_parts", "share_of_base", "stated_percent_change",
    }  # fmt: skip
