"""What publishers print wrong: contradictions found by hand, and the verdicts they get."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import polars as pl
import pytest

from pipelines.contracts import CONTRACTS
from pipelines.contracts.extracted import Extracted
from pipelines.extract.document import read_document
from pipelines.extract.metadata import LinkFacts
from pipelines.normalise.build import normalise
from pipelines.normalise.reference import load_reference
from pipelines.warehouse.checks import identities, run_check
from pipelines.warehouse.models import load_models
from pipelines.warehouse.run import write_table

MODELS = load_models()


def verdicts(shared: Path, folder: Path, *names: str) -> pl.DataFrame:
    """The results of all identities of documents of one account."""
    read = []
    for name in names:
        path = shared / "corpus" / name
        reading = read_document(path, hashlib.sha256(path.read_bytes()).hexdigest(), LinkFacts())
        named = reading.document | {"file_name": name, "file_bytes": path.stat().st_size}
        read.append(Extracted.of(msgspec.structs.asdict(reading) | {"documents": [named]}))
    extracted = Extracted(*(pl.concat(frames) for frames in zip(*read, strict=True)))
    for name, frame in normalise(extracted, load_reference()).items():
        assert name != "prov.quarantine" or frame.is_empty(), frame["rule"][0]
        if name.startswith("prov."):
            write_table(frame, CONTRACTS[name], folder)
    return pl.concat([run_check(MODELS, check.name, folder) for check in identities(MODELS)])


@pytest.fixture(scope="module")
def founding(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    return verdicts(shared, tmp_path_factory.mktemp("renhe"), "renhe/renhe-01.pdf")


def of(results: pl.DataFrame, check: str, subject: str) -> list[tuple[str, float | None]]:
    """Verdict and difference of the results of a check whose subject begins so."""
    found = results.filter((pl.col("check_id") == check) & pl.col("subject").str.starts_with(subject))
    return [(verdict, None if d is None else float(d)) for verdict, d in found.select("verdict", "difference").rows()]


def test_sums_that_rounding_explains(founding: pl.DataFrame) -> None:
    for subject, difference in (
        ("expenditure gpb 208 2023", 100.0),
        ("expenditure gpb 210 2023", 100.0),
        ("expenditure gpb 2023", 200.0),
        ("expenditure gpb basic 2023", 200.0),
    ):
        assert of(founding, "subjects_in_text", subject) == [("rounding", difference)], subject


def test_a_word_beside_a_rate_that_may_hide_it(founding: pl.DataFrame) -> None:
    assert of(founding, "execution_rate", "three_public fiscal") == [("unevaluable", None)]
    word = "three_public fiscal 2023 · the text says 小于 the budget beside 100 %"
    assert of(founding, "comparison_in_words", word) == [("unevaluable", 0.0)]


def test_a_rate_of_nothing_and_shares_of_two_bases_are_no_errors(founding: pl.DataFrame) -> None:
    assert of(founding, "execution_rate", "three_public_abroad") == [("not_applicable", None)]
    assert ("not_applicable", -7.6) in of(founding, "share_of_base", "revenue_gpb")
    assert [verdict for verdict, _ in of(founding, "execution_rate", "procurement_budget")] == ["rounding"]


def test_two_totals_of_one_thing_and_parts_that_miss_theirs(founding: pl.DataFrame) -> None:
    assert of(founding, "part_that_is_the_whole", "performance_project_amount") == [("minor", -200.0)]
    assert ("fail", 2700.0) in of(founding, "parts_of_whole", "performance_project_amount")


def test_nothing_else_fails_in_the_founding_document(founding: pl.DataFrame) -> None:
    broken = founding.filter(pl.col("verdict").is_in(["minor", "fail"]))
    assert sorted(broken["check_id"]) == ["part_that_is_the_whole", "parts_of_whole"]


def broken_words(results: pl.DataFrame) -> set[tuple[str, str, int]]:
    """Check, subject and page of what fails among words, names and titles."""
    checks = ["comparison_in_words", "subject_name_in_text", "names_listed_in_text", "title_year", "title_name",
              "year_of_stock"]  # fmt: skip
    rows = results.filter(pl.col("check_id").is_in(checks) & pl.col("verdict").is_in(["minor", "fail"]))
    return {(check, subject.split(" · ")[-1], page) for check, subject, page in rows.select(
        "check_id", "subject", "page").rows()}  # fmt: skip


LISTED = "names listed in the text = names in the tables: "


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["putuo/putuo-01.pdf"], {("names_listed_in_text", f"{LISTED}个人农业生产补贴 for 30309 奖励金", 23)}),
        (
            ["putuo/putuo-02.pdf"],
            {("subject_name_in_text", "计划生育事务 in the text = 2100717 计划生育服务 in the tables, by name", 7)},
        ),
        (
            ["negative/putuo-damaged-copy.pdf"],
            {
                ("title_name", "names the department", 7),
                ("title_year", "year in the title = year of the document", 18),
                ("comparison_in_words", "the text says 大于 the budget", 19),
                ("comparison_in_words", "the text says 大于 the budget", 20),
                ("comparison_in_words", "the text says 等于 the budget", 21),
                ("names_listed_in_text", f"{LISTED}个人农业生产补贴 for 30309 奖励金", 21),
                ("year_of_stock", "vehicles and equipment at a day of 2023 in the final of 2024", 24),
            },
        ),
        (
            ["jiangsu/jiangsu-15.pdf", "jiangsu/jiangsu-16.pdf"],
            {("names_listed_in_text", f"{LISTED}资金 for 30103 奖金", page) for page in (14, 15)},
        ),
        (["suzhou/suzhou-05.pdf"], set()),
        (["fuzhou/fuzhou-01.pdf"], set()),
    ],
)
def test_words_that_contradict(
    shared: Path, tmp_path: Path, names: list[str], expected: set[tuple[str, str, int]]
) -> None:
    assert broken_words(verdicts(shared, tmp_path, *names)) == expected


def test_shares_of_the_wrong_whole_and_an_amount_of_the_wrong_place(shared: Path, tmp_path: Path) -> None:
    jiangsu = verdicts(shared, tmp_path / "a", "jiangsu/jiangsu-01.pdf")
    for part in ("abroad", "vehicle", "reception"):
        assert [v for v, _ in of(jiangsu, "share_of_base", f"three_public_{part} gpb")] == ["fail"], part
    putuo = verdicts(shared, tmp_path / "b", "putuo/putuo-01.pdf")
    assert of(putuo, "share_of_base", "expenditure gpb 201")[0][0] == "fail"
    assert ("fail", -29613800.0) in of(putuo, "printed_copies", "total_in_out fiscal 2024 final · text")
