from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.tables.numbers import is_amount, read_number


@pytest.mark.parametrize(
    ("text", "state", "value"),
    [
        ("13,297.11", "number", "13297.11"),
        ("１，２３４．５０", "number", "1234.50"),
        ("- 12.5", "number", "-12.5"),
        ("(1,000.00)", "number", "-1000.00"),
        ("（3.20）", "number", "-3.20"),
        ("0.00", "zero", "0"),
        ("189,767,\n551", "number", "189767551"),
        ("29.359500", "number", "29.359500"),
        ("", "blank", None),
        ("——", "dash", None),
        ("1,23.4", "unreadable", None),
        ("12.00 15.00", "unreadable", None),
        ("(3.20", "unreadable", None),
    ],
)
def test_reads_what_is_printed(text: str, state: str, value: str | None) -> None:
    printed = read_number(text)
    assert printed is not None
    assert (printed.state, printed.value) == (state, None if value is None else Decimal(value))


@pytest.mark.parametrize("text", ["合计", "2025年", "一般公共服务支出", "2026-3-26", "A12"])
def test_words_and_dates_are_no_numbers(text: str) -> None:
    printed = read_number(text)
    assert printed is None or printed.value is None


@pytest.mark.parametrize(("text", "value", "unit"), [("98.20％", "98.20", "%"), ("≤184.94万元", "184.94", "万元")])
def test_a_unit_behind_the_number_is_kept(text: str, value: str, unit: str) -> None:
    printed = read_number(text)
    assert printed is not None and printed.unit == unit and printed.value == Decimal(value)


@given(st.decimals(min_value=Decimal("-1e12"), max_value=Decimal("1e12"), places=2, allow_nan=False))
def test_every_amount_comes_back_from_its_printed_form(amount: Decimal) -> None:
    printed = read_number(f"{amount:,.2f}")
    assert printed is not None and printed.value == amount


@given(st.text(alphabet="0123456789,.()-% 一", max_size=12))
def test_never_guesses(text: str) -> None:
    """Whatever the text, a value is read only when all its digits are in it."""
    printed = read_number(text)
    if printed is not None and printed.value is not None:
        digits = "".join(c for c in text if c.isdigit())
        assert "".join(c for c in f"{abs(printed.value):f}" if c.isdigit()).lstrip("0") == digits.lstrip("0")


def test_a_bare_integer_is_not_taken_for_money() -> None:
    assert is_amount("1,200") and is_amount("0.5") and not is_amount("2080505")
