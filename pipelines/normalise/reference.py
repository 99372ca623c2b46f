"""The curated lists of `raw/reference`: code lists, regions, departments, definitions of measures.

Only loading belongs here; what they are used for is in `subjects` and `departments`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.errors import JuesuanError
from pipelines.settings import RAW

_YEARS = {"valid_from_year": pl.Int32, "valid_to_year": pl.Int32, "from_year": pl.Int32, "to_year": pl.Int32,
          "fiscal_year": pl.Int32, "level": pl.Int32}  # fmt: skip


@dataclass(frozen=True)
class Reference:
    """The lists as frames, columns as in the CSV files; empty text is '', a missing year NULL."""

    functional_subjects: pl.DataFrame
    economic_subjects: pl.DataFrame
    regions: pl.DataFrame
    departments: pl.DataFrame
    department_aliases: pl.DataFrame
    definition_versions: pl.DataFrame
    approvals: pl.DataFrame


def load_reference(folder: Path = RAW / "reference") -> Reference:
    """The lists in `folder`.

    Raises:
        JuesuanError: when a file is missing or a year is not a number; the message names the file.
    """
    return Reference(**{name: _read(folder / f"{name}.csv") for name in Reference.__dataclass_fields__})


def _read(path: Path) -> pl.DataFrame:
    try:
        frame = pl.read_csv(path, infer_schema_length=0).with_columns(pl.all().fill_null(""))
        is_subjects = "valid_from_year" in frame.columns
        numbers = [name for name in frame.columns if name in _YEARS and (name != "level" or is_subjects)]
        return frame.with_columns(
            pl.when(pl.col(name) != "").then(pl.col(name)).cast(_YEARS[name]).alias(name) for name in numbers
        )
    except (OSError, pl.exceptions.PolarsError) as error:
        raise JuesuanError(f"{path}: this curated list cannot be read ({error}). Restore or correct it.") from error
