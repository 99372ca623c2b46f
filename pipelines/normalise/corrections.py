"""Corrections of printed figures, kept as data in `raw/corrections/*.yaml`.

What is printed stays as it is: the corrected value stands beside it, and facts are made from it. Each correction says
what it expects to find; one that no longer fits ends the build, so that none is ever applied to another figure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec
import polars as pl
import yaml

from pipelines.contracts import CONTRACTS
from pipelines.errors import CorrectionError
from pipelines.normalise.amounts import amount_yuan
from pipelines.settings import RAW
from pipelines.words import canonical, squash

Text = Annotated[str, msgspec.Meta(min_length=1)]
_LIMIT, _DECIMALS = 10**18, 6
"""What `prov.figure.value` can hold."""
_SHOWN = 5
"""How many figures a message lists."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One correction as written. Either `figure`, or `page` with words of the row, the column or the sentence."""

    id: Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9-]*$")]
    document: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    printed: Text
    """The figure as it is printed: what the correction expects to find."""
    corrected: Decimal
    """What it should say, in the printed unit."""
    reason: Text
    by: Text
    date: dt.date
    figure: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{20}$")] | None = None
    page: Annotated[int, msgspec.Meta(ge=1)] | None = None
    row: Text | None = None
    """Words of the row's label, or its whole subject code."""
    column: Text | None = None
    sentence: Text | None = None

    def __post_init__(self) -> None:
        words = (self.row, self.column, self.sentence)
        by_place = self.page is not None and any(words)
        if (self.figure is None) != by_place or (self.figure and (self.page or any(words))):
            raise ValueError("name the figure either by `figure`, or by `page` with `row`, `column` or `sentence`")
        number = self.corrected
        if not number.is_finite() or abs(number) >= _LIMIT or round(number, _DECIMALS) != number:
            raise ValueError(f"`corrected` is no number below 10^18 with up to {_DECIMALS} decimals: {number}")


class Correction(NamedTuple):
    """An entry and the file it stands in."""

    file: Path
    entry: Entry

    @property
    def name(self) -> str:
        """File and id, for messages."""
        return f"{self.file}: correction {self.entry.id}"


class Corrected(NamedTuple):
    """`figures` has `corrected_value` and `correction_id` added; `corrections` is prov.correction."""

    figures: pl.DataFrame
    corrections: pl.DataFrame


def load_corrections(folder: Path = RAW / "corrections") -> list[Correction]:
    """All corrections in the YAML files of `folder`, by file name and in the order written.

    Raises:
        CorrectionError: when a file does not have the declared form or an id stands twice; the message names both.
    """
    found: list[Correction] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8")) or []
            found += [Correction(path, entry) for entry in msgspec.convert(content, list[Entry])]
        except (yaml.YAMLError, msgspec.ValidationError, OSError, UnicodeDecodeError) as error:
            raise CorrectionError(
                f"{path}: {error}. {folder / 'README.md'} shows the form; numbers in `printed` need quotes."
            ) from error
    seen: dict[str, Path] = {}
    for file, entry in found:
        if entry.id in seen:
            raise CorrectionError(f"{file}: the id {entry.id} stands in {seen[entry.id]} too. Give each its own.")
        seen[entry.id] = file
    return found


def apply_corrections(figures: pl.DataFrame, documents: pl.DataFrame, corrections: Sequence[Correction]) -> Corrected:
    """Set the corrected values beside the printed ones; `figures` and `documents` have their prov columns.

    A correction of a document that is not registered here, or is withdrawn, is listed and not applied: one folder of
    corrections serves several homes.

    Raises:
        CorrectionError: naming every correction whose figure is missing, printed differently or not the only one.
    """
    here = set(documents.filter(pl.col("status") != "withdrawn")["document_id"])
    rows: list[dict[str, Any]] = []
    problems: list[str] = []
    applied: dict[str, str] = {}
    for correction in corrections:
        entry = correction.entry
        figure_id = None
        if entry.document in here:
            try:
                figure_id = _find(figures.filter(pl.col("document_id") == entry.document), entry)
                if figure_id in applied:
                    raise _Unfit(f"figure {figure_id} is corrected by {applied[figure_id]} too; keep one of them")
            except _Unfit as problem:
                problems.append(f"{correction.name}: {problem}.")
                continue
            applied[figure_id] = entry.id
        rows.append(
            {
                "correction_id": entry.id, "document_id": entry.document, "figure_id": figure_id,
                "state": "applied" if figure_id else "document_absent", "printed_text": entry.printed,
                "corrected_value": entry.corrected, "reason": entry.reason, "corrected_by": entry.by,
                "corrected_on": entry.date.isoformat(), "file_name": correction.file.name,
            }
        )  # fmt: skip
    if problems:
        raise CorrectionError(
            "\n".join((*problems, "Look at the page (juesuan explain), then mend the correction or take it out."))
        )
    table = CONTRACTS["prov.correction"].frame(rows)
    beside = table.filter(pl.col("state") == "applied").select("figure_id", "corrected_value", "correction_id")
    return Corrected(figures.join(beside, on="figure_id", how="left", maintain_order="left"), table)


def as_corrected(figures: pl.DataFrame) -> pl.DataFrame:
    """`figures` as facts are made of them: `value` and `amount_yuan` are the corrected ones where there are any.

    Needs `is_money` beside the columns that `apply_corrections` gives.
    """
    is_corrected = pl.col("correction_id").is_not_null()
    return figures.with_columns(pl.coalesce("corrected_value", "value").alias("value")).with_columns(
        pl.when(is_corrected).then(amount_yuan(pl.col("is_money"))).otherwise("amount_yuan").alias("amount_yuan")
    )


class _Unfit(Exception):
    """Why a correction does not fit what is printed, as part of a sentence."""


def _find(figures: pl.DataFrame, entry: Entry) -> str:
    """The figure_id that `entry` means among the figures of its document; raises _Unfit."""
    if entry.figure is not None:
        place = f"figure {entry.figure}"
        found = figures.filter(pl.col("figure_id") == entry.figure).to_dicts()
    else:
        place = f"page {entry.page} {' '.join(filter(None, (entry.row, entry.column, entry.sentence)))}"
        found = [row for row in figures.filter(pl.col("page") == entry.page).to_dicts() if _stands_at(row, entry)]
    if not found:
        raise _Unfit(f"the document prints no figure at {place}")
    fitting = [row for row in found if squash(row["value_text"]) == squash(entry.printed)]
    if not fitting:
        raise _Unfit(f"{place} was expected to print {entry.printed}, and prints {_listed(found)}")
    if len(fitting) > 1:
        raise _Unfit(f"{len(fitting)} figures fit {place}: {_listed(fitting)}; name one by `figure`")
    return str(fitting[0]["figure_id"])


def _stands_at(row: dict[str, Any], entry: Entry) -> bool:
    return (
        (entry.row is None or _says(row["row_label"], entry.row) or row["subject_code"] == entry.row)
        and (entry.column is None or _says(row["column_path"], entry.column))
        and (entry.sentence is None or _says(row["sentence"], entry.sentence))
    )


def _says(printed: str | None, words: str) -> bool:
    return canonical(words) in canonical(printed or "")


def _listed(rows: Sequence[dict[str, Any]]) -> str:
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return ", ".join(f"{row['value_text']} ({row['figure_id']})" for row in rows[:_SHOWN]) + more
