from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalise.amounts import UNIT_IN_YUAN, amount_yuan, half_unit


def _frame(value: Decimal | None, unit: str | None, text: str = "") -> pl.DataFrame:
    schema = {"value": pl.Decimal(24, 6), "unit": pl.String, "value_text": pl.String}
    return pl.DataFrame([(value, unit, text)], schema=schema, orient="row")


@given(fen=st.integers(-(10**15), 10**15), unit=st.sampled_from(sorted(UNIT_IN_YUAN)))
def test_amounts_that_are_whole_fen_come_out_exactly(fen: int, unit: str) -> None:
    yuan = Decimal(fen) / 100
    printed = yuan / UNIT_IN_YUAN[unit]
    if printed != printed.quantize(Decimal("0.000001")):
        return  # more decimals than the printed value has room for
    got = _frame(printed, unit).select(amount_yuan(pl.lit(True))).item()
    assert got == yuan


@pytest.mark.parametrize(
    ("value", "unit", "money", "expected"),
    [
        ("13377.11", "万元", True, "133771100.00"),
        ("0.000001", "亿元", True, "100.00"),
        ("9.9", "%", True, None),
        ("9.9", None, True, None),
        ("9.9", "万元", False, None),
        ("999999999999999.99", "亿元", True, None),
    ],
)
def test_only_money_in_a_known_unit_has_yuan(value: str, unit: str | None, money: bool, expected: str | None) -> None:
    got = _frame(Decimal(value), unit).select(amount_yuan(pl.lit(money))).item()
    assert got == (Decimal(expected) if expected else None)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [("5573", "万元", "50"), ("0.4", "万元", "50"), ("1,2.3456", "万元", "0.5"), ("189,767,551", "元", "0.5"),
     ("1.00", "元", "0.005"), ("9.9%", "%", "0.05")],
)  # fmt: skip
def test_half_of_the_last_printed_digit(text: str, unit: str, expected: str) -> None:
    assert _frame(None, unit, text).select(half_unit()).item() == Decimal(expected)
