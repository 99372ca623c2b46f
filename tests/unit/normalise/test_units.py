"""Which units a department's account covers: one row for each, however many places name it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.unit.normalise.conftest import Extracted, Tables

BUREAU = "上海市普陀区财政局"
CENTRE = "上海市普陀区国库收付中心"


def _bridge(tables: Tables) -> dict[str, dict[str, Any]]:
    names = dict(tables["core.dim_department"].select("department_key", "name").iter_rows())
    return {names[row["unit_key"]]: row for row in tables["core.bridge_department_unit"].to_dicts()}


def _listing(frames: Extracted, document: str, *names: str, **given: Any) -> None:
    for name in names:
        frames.unit(document, name, **given)


def test_a_list_as_long_as_stated_is_complete(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    document = frames.document("one")
    frames.unit(document, f"{BUREAU}(本级)", stated_units=2)
    frames.unit(document, f"{CENTRE}(某某中心)", stated_units=2, merged=True)
    found = frames.normalise()
    rows = _bridge(found)
    assert set(rows) == {BUREAU, CENTRE}
    assert rows[BUREAU]["unit_key"] == rows[BUREAU]["department_key"] == "310107-GOV-0001"
    assert [(row["complete"], row["evidence"], row["page"]) for row in rows.values()] == [(True, "list", 5)] * 2
    assert (rows[BUREAU]["budgeted_separately"], rows[CENTRE]["budgeted_separately"]) == (True, False)
    aliases = found["core.dim_department_alias"].filter(department_key=rows[CENTRE]["unit_key"])
    assert aliases["alias"].to_list() == [f"{CENTRE}(某某中心)"]


def test_a_list_shorter_than_stated_is_not(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    _listing(frames, frames.document("one"), f"{BUREAU}本级", CENTRE, stated_units=3)
    assert not any(row["complete"] for row in _bridge(frames.normalise()).values())


def test_rows_of_units_in_tables_tell_as_well_and_show_what_a_list_leaves_out(
    extracted: Callable[[], Extracted],
) -> None:
    frames = extracted()
    document = frames.document("one")
    cells = {
        name: frames.cell(document, "收入预算总表", "合计", "1.00", name, other_codes=f"unit={code}")
        for name, code in (("合计", "010"), (BUREAU, "010001"), (CENTRE, "010002"))
    }
    rows = _bridge(frames.normalise())
    assert {name: row["figure_id"] for name, row in rows.items()} == {name: cells[name] for name in (BUREAU, CENTRE)}
    assert {(row["evidence"], row["complete"]) for row in rows.values()} == {("rows", False)}

    _listing(frames, document, "本级", CENTRE)
    assert {(row["evidence"], row["complete"]) for row in _bridge(frames.normalise()).values()} == {("list", True)}

    frames.units.pop()
    assert not any(row["complete"] for row in _bridge(frames.normalise()).values())


def test_a_units_document_under_the_departments_name_is_its_own_office(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    frames.document("whole")
    own = frames.document("own", scope="unit")
    frames.document("another year", scope="unit", fiscal_year=2023)
    (row,) = frames.normalise()["core.bridge_department_unit"].to_dicts()
    assert (row["unit_key"], row["evidence"], row["document_id"]) == ("310107-GOV-0001", "document", own)
    assert (row["fiscal_year"], row["complete"]) == (2024, False)


def test_lists_of_units_documents_are_no_department(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    _listing(frames, frames.document("own", scope="unit"), f"{BUREAU}本级", CENTRE)
    assert frames.normalise()["core.bridge_department_unit"].is_empty()


def test_a_name_that_says_not_where_belongs_to_its_department(extracted: Callable[[], Extracted]) -> None:
    frames = extracted()
    other = "上海市普陀区商务委员会"
    _listing(frames, frames.document("one"), "机关服务中心")
    _listing(frames, frames.document("two", department_name=other), "机关服务中心")
    found = frames.normalise()
    assert set(_bridge(found)) == {f"{BUREAU}机关服务中心", f"{other}机关服务中心"}
    assert found["core.bridge_department_unit"]["unit_name"].unique().to_list() == ["机关服务中心"]
