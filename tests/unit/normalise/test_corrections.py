"""Corrections stand beside what is printed, make the facts, and never outlive what they correct."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.errors import CorrectionError
from pipelines.normalise import load_corrections, normalise
from tests.unit.normalise.conftest import Extracted, Tables

GPB = "一般公共预算财政拨款支出决算表"
PENSION = {"label": "机关事业单位基本养老保险缴费支出", "subject_code": "2080505"}
BASE = {"id": "pension", "printed": "68.92", "corrected": "69.82", "reason": "正文写明 69.82", "by": "甲",
        "date": "2025-06-30"}  # fmt: skip
Correct = Callable[..., Tables]


@pytest.fixture
def frames(extracted: Callable[[], Extracted]) -> Extracted:
    frames = extracted()
    document = frames.document("one")
    frames.cell(document, GPB, "合计", "68.92", **PENSION)
    frames.cell(document, GPB, "合计", "100.00", "合计")
    return frames


@pytest.fixture
def corrected(frames: Extracted, tmp_path: Path, reference: Any) -> Correct:
    """Normalises the frames with corrections given as mappings."""

    def run(*entries: dict[str, Any]) -> Tables:
        path = tmp_path / "corrections.yaml"
        given = [BASE | {"document": frames.figures[0]["document_id"]} | entry for entry in entries]
        path.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
        return normalise(frames.read(), reference, load_corrections(tmp_path))

    return run


PLACE = {"page": 1, "row": "养老保险", "column": "合计"}


@pytest.mark.parametrize("place", [None, PLACE, {"page": 1, "row": "2080505"}])
def test_the_fact_has_the_corrected_value_and_the_figure_keeps_the_printed_one(
    corrected: Correct, frames: Extracted, place: dict[str, Any] | None
) -> None:
    found = corrected(place or {"figure": frames.figures[0]["figure_id"]})
    figure = found["prov.figure"].filter(subject_code="2080505").row(0, named=True)
    assert (figure["value"], figure["amount_yuan"], figure["value_text"]) == (Decimal("68.92"), 689200, "68.92")
    assert (figure["corrected_value"], figure["correction_id"]) == (Decimal("69.82"), "pension")
    facts = found["core.fact_amount"].sort("amount_yuan")
    assert facts.select("amount_yuan", "correction_id").rows() == [(Decimal("698200"), "pension"),
                                                                   (Decimal("1000000"), None)]  # fmt: skip
    row = found["prov.correction"].row(0, named=True)
    assert (row["state"], row["figure_id"], row["reason"]) == ("applied", figure["figure_id"], "正文写明 69.82")


def test_a_correction_settles_a_figure_with_its_copy(corrected: Correct, frames: Extracted) -> None:
    path = "社会保障和就业支出/行政事业单位养老支出/机关事业单位基本养老保险缴费支出"
    frames.statement(
        frames.figures[0]["document_id"], "69.82", subject_label=path, sentence="养老保险缴费支出69.82万元"
    )
    fact = corrected(PLACE)["core.fact_amount"].filter(correction_id="pension").row(0, named=True)
    assert (fact["copies"], fact["copies_agree"]) == (2, True)
    text = corrected({"page": 1, "sentence": "养老保险缴费", "printed": "69.82", "corrected": "68.92"})
    assert text["prov.figure"].filter(source_kind="text")["corrected_value"].to_list() == [Decimal("68.92")]


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (PLACE | {"printed": "68.29"}, r"expected to print 68.29, and prints 68.92 \([0-9a-f]{20}\)"),
        (PLACE | {"page": 2}, "prints no figure at page 2"),
        ({"figure": "0" * 20}, "prints no figure at figure 0000"),
    ],
)
def test_one_that_no_longer_fits_ends_the_build(corrected: Correct, entry: dict[str, Any], says: str) -> None:
    with pytest.raises(CorrectionError, match=rf"corrections.yaml: correction pension: .*{says}"):
        corrected(entry)


def test_every_misfit_is_named_at_once(corrected: Correct, frames: Extracted) -> None:
    frames.cell(frames.figures[0]["document_id"], GPB, "小计", "68.92", **PENSION)
    with pytest.raises(CorrectionError) as error:
        corrected({"page": 1, "row": "2080505"}, PLACE | {"id": "again"}, PLACE | {"id": "third"})
    first, second, hint = str(error.value).splitlines()
    assert "2 figures fit" in first and "name one by `figure`" in first
    assert "third" in second and "corrected by again too" in second
    assert "mend the correction or take it out" in hint


def test_a_document_that_is_not_here_is_no_misfit(corrected: Correct, frames: Extracted) -> None:
    found = corrected(PLACE | {"document": "f" * 64})
    assert found["prov.correction"]["state"].to_list() == ["document_absent"]
    assert found["prov.figure"]["correction_id"].null_count() == 2
    frames.documents[0]["status"] = "withdrawn"
    assert corrected(PLACE)["prov.correction"]["state"].to_list() == ["document_absent"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("- id: a\n  printed: 4.12", "missing required field|got `float`"),
        ("- {id: a, id: b", "while parsing"),
        (yaml.safe_dump([BASE | {"document": "f" * 64}]), "either by `figure`, or by `page`"),
        (yaml.safe_dump([BASE | PLACE | {"document": "f" * 64, "figure": "0" * 20}]), "either by `figure`"),
        (yaml.safe_dump([BASE | PLACE | {"document": "f" * 64, "corrected": "NaN"}]), "NaN"),
        (yaml.safe_dump([BASE | PLACE | {"document": "f" * 64}] * 2), "the id pension stands in"),
        (yaml.safe_dump([BASE | PLACE | {"document": "f" * 64, "color": "red"}]), "color"),
    ],
)
def test_a_file_of_another_form_is_refused_by_name(content: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "some.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(CorrectionError, match=f"(?s)some.yaml.*({says})"):
        load_corrections(tmp_path)


def test_the_corrections_of_the_repository_are_well_formed() -> None:
    load_corrections()
