"""Printed numbers in yuan, exactly, and how far a printed number can be from the true one by rounding.

Only units and decimals belong here; whether a column holds money at all is `meaning`'s to say.
"""

from __future__ import annotations

import polars as pl

UNIT_IN_YUAN: dict[str, int] = {"元": 1, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000}

_FACTOR = pl.col("unit").replace_strict(UNIT_IN_YUAN, default=None, return_dtype=pl.Int64)


def amount_yuan(is_money: pl.Expr) -> pl.Expr:
    """DECIMAL(18,2) yuan of `value` in `unit` where `is_money` holds.

    NULL where the unit is not one of money or not known, and where the amount does not fit. Decimals all the way:
    no amount passes through a float.
    """
    factor = _FACTOR.cast(pl.Decimal(12, 0))
    amount = (pl.col("value") * factor).round(2).cast(pl.Decimal(18, 2), strict=False)
    return pl.when(is_money).then(amount).alias("amount_yuan")


def half_unit() -> pl.Expr:
    """Half of the last printed digit, DECIMAL(24,6), in yuan for money and in the printed unit otherwise.

    Trailing zeros are often dropped (5573 for 5,573.00), so amounts in 万元 count as printed to two decimals at least
    (domain.md 6.1).
    """
    decimals = pl.col("value_text").str.extract(r"\.(\d+)").str.len_chars().fill_null(0)
    decimals = pl.when(pl.col("unit") == "万元").then(pl.max_horizontal(decimals, pl.lit(2))).otherwise(decimals)
    step = decimals.replace_strict(
        {places: f"{0.5 * 10**-places:.7f}" for places in range(7)}, default="0.0000005", return_dtype=pl.String
    ).str.to_decimal(scale=7)
    return (step * _FACTOR.fill_null(1).cast(pl.Decimal(12, 0))).cast(pl.Decimal(24, 6)).alias("half_unit")
