from __future__ import annotations

import pytest

from pipelines.normalise import Reference
from pipelines.normalise.subjects import CodeList, code_system, keys_by_year, name_key, subject_rows


@pytest.fixture(scope="module")
def codes(reference: Reference) -> CodeList:
    return CodeList(reference)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("政府办公（厅）室及相关机构事务", "政府办公厅〔室〕及相关机构事务"),
        ("一般公共服务（类）", "一般公共服务支出（类）"),
        ("未归口管理的行政单位离退休费", "未归口管理行政单位离退休"),
        ("机关事业单位基本养老保险缴费", "机关事业单位基本养老保险缴费支出"),
        ("八、社会保障和就业支出", "社会保障 和就业"),
        ("因公出国(境)费用", "因公出国〔境〕费"),
    ],
)
def test_variants_of_a_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("path", "year", "code"),
    [
        ("一般公共服务支出/政府办公厅（室）及相关机构事务/行政运行", 2023, "2010301"),
        ("社会保障和就业支出/行政事业单位养老支出/机关事业单位基本养老保险缴费支出", 2023, "2080505"),
        ("机关事业单位基本养老保险缴费支出", 2023, "2080505"),
        ("八、社会保障和就业支出", 2024, "208"),
        ("公共安全支出/其他公共安全支出/其他公共安全支出", 2024, "2049999"),
        ("社会保障和就业支出/其他社会保障和就业支出/其他社会保障和就业支出", 2019, "2089901"),
        ("社会保障和就业支出/其他社会保障和就业支出/其他社会保障和就业支出", 2025, "2089999"),
        ("行政运行", 2024, None),  # a name of nearly every 款
        ("其他公共安全支出", 2024, None),  # 款 and 项 alike
        ("教育支出/行政运行", 2024, None),  # not a 款 of 205
        ("卫生健康支出/计划生育事务/计划生育事务", 2025, None),  # a misprint has no code
    ],
)
def test_a_code_is_inferred_only_inside_its_parents(codes: CodeList, path: str, year: int, code: str | None) -> None:
    assert codes.infer(path, year) == code


def test_a_lone_name_that_is_an_economic_subject_too_stays_open(codes: CodeList) -> None:
    assert codes.infer_functional("住房公积金", 2024) is None
    assert codes.infer_functional("住房保障支出/住房改革支出/住房公积金", 2024) == "2210201"


def test_a_code_used_again_has_another_key(codes: CodeList) -> None:
    rows = subject_rows(codes, [])
    keys = dict(keys_by_year(rows, [2006, 2017, 2018]).filter(code="30311").select("period_year", "subject_key").rows())
    assert keys == {2006: "30311@2007", 2017: "30311@2007", 2018: "30311@2018"}
    assert dict(rows.filter(code="30311").select("subject_key", "name").rows()) == {
        "30311@2007": "住房公积金",
        "30311@2018": "代缴社会保险费",
    }


def test_unknown_codes_get_provisional_rows_and_other_digits_none(codes: CodeList) -> None:
    rows = subject_rows(codes, [("2019998", "某项支出"), ("2019998", "别名"), ("20199981", "乱码"), ("1010", "税")])
    assert rows.filter(status="provisional").select("code", "name").rows() == [("2019998", "某项支出")]
    assert [code_system(code) for code in ("208", "20805", "30101", "50201", "2080", "101", "3010101")] == [
        "functional", "functional", "department_economic", "government_economic", None, None, None,
    ]  # fmt: skip
