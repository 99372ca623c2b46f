"""What the UI shows of a table: its columns, how many rows it has, and its first rows."""

from __future__ import annotations

import warnings
from pathlib import Path

import dagster as dg
import polars as pl

from pipelines.contracts.contract import Contract

PREVIEW_ROWS = 5


def column_schema(contract: Contract) -> dict[str, dg.TableSchema]:
    """The columns of a contract as definition metadata: types, descriptions in both languages, constraints."""
    columns = [
        dg.TableColumn(
            column.name,
            column.duckdb,
            description=f"{column.zh}. {column.doc}",
            constraints=dg.TableColumnConstraints(
                nullable=column.null, other=[rule for rule in column.constraints if rule != "not null"]
            ),
        )
        for column in contract.columns
    ]
    return {"dagster/column_schema": dg.TableSchema(columns=columns)}


def code_reference(file: Path, label: str | None = None, line: int = 1) -> dict[str, dg.CodeReferencesMetadataValue]:
    """A link from an asset to the file that makes it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)
        reference = dg.LocalFileCodeReference(file_path=str(file), line_number=line, label=label)
        return {"dagster/code_references": dg.CodeReferencesMetadataValue(code_references=[reference])}


def shown(frame: pl.DataFrame, rows: int | None = None) -> dict[str, dg.MarkdownMetadataValue | int]:
    """Row count and first rows of a table as materialization metadata; `rows` where `frame` is only its beginning."""
    preview = dg.MarkdownMetadataValue(markdown(frame.head(PREVIEW_ROWS)))
    return {"dagster/row_count": frame.height if rows is None else rows, "preview": preview}


def markdown(frame: pl.DataFrame) -> str:
    """A frame as a Markdown table, all columns and rows of it."""
    with pl.Config(
        tbl_formatting="ASCII_MARKDOWN", tbl_hide_column_data_types=True, tbl_hide_dataframe_shape=True,
        tbl_rows=-1, tbl_cols=-1, fmt_str_lengths=60, tbl_width_chars=-1,
    ):  # fmt: skip
        return str(frame)


def key_of(table: str) -> dg.AssetKey:
    """The asset of `schema.table`."""
    return dg.AssetKey(table.split("."))
