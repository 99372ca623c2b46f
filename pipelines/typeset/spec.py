"""What a sample document holds: its records, and the reading of them from YAML and CSV.

Only the shape of the input belongs here; where things land on a page is decided in `render`.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
import yaml

T = TypeVar("T")

Rulings = Literal[
    "strokes", "fills", "dots", "white", "cells", "stripes", "rows", "columns", "three_lines", "outer", "none"
]
"""How a table is ruled: with lines, drawn as strokes, thin filled rectangles, rows of dots or in white; by the
background of its cells or of every second row; between rows or columns only; above and below the header and at the
foot; around it; or not at all."""

LEFT, ABOVE = "<", "^"
"""A CSV cell that is part of the cell to its left, or of the one above it."""


class SpecError(ValueError):
    """A document specification that cannot be typeset; the message names the file and what to mend."""


class Column(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A node of a header tree. Leaves have a width, relative to the others; `name` may be blank."""

    name: str
    width: float = 0.0
    kind: Literal["label", "code", "value"] = "value"
    columns: list[Column] = []


class Cover(msgspec.Struct, tag_field="kind", tag="cover", forbid_unknown_fields=True, kw_only=True):
    """A title page."""

    lines: list[str]
    landscape: bool = False


class Text(msgspec.Struct, tag_field="kind", tag="text", forbid_unknown_fields=True, kw_only=True):
    """Running text. Lines of `body` are paragraphs; `#` and `##` before one make it a heading."""

    body: str
    landscape: bool = False
    new_page: bool = True
    size: float = 14.0


class Table(msgspec.Struct, tag_field="kind", tag="table", forbid_unknown_fields=True, kw_only=True):
    """An official table. `rows` holds printed text, one list per printed row, with `<` and `^` for merged cells."""

    title: str
    number: str = ""
    department: str = ""
    unit: str = "单位：万元"
    layout: str = ""
    figures: str = ""
    columns: list[Column] = []
    rows: list[list[str]] = []
    note: str = ""
    landscape: bool = False
    a3: bool = False
    rotate: bool = False
    """Pages are stored upright and turned by /Rotate, as office suites do for landscape sheets."""
    new_page: bool = True
    repeat_header: bool = False
    rows_per_page: int | None = None
    caption: Literal["above", "inside"] = "above"
    """`inside`: title, department and unit are rows of the grid, as in sheets pasted from a workbook."""
    first_row_in_header: bool = False
    """The first row stands beside the lowest header cells instead of below them."""
    break_after_title: bool = False
    """The title stays at the foot of a page and its table starts on the next."""
    rulings: Rulings = "strokes"
    size: float = 10.0


Block = Cover | Text | Table


class Document(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A document to typeset. `link_title` and `portal_region` are what a crawler would know of the file."""

    link_title: str
    portal_region: str
    page_number: str = ""
    blocks: list[Block]


def leaves(columns: list[Column], path: tuple[str, ...] = ()) -> list[tuple[Column, str]]:
    """The leaf columns left to right, each with its header levels joined by '/' (blank levels left out)."""
    found: list[tuple[Column, str]] = []
    for column in columns:
        here = (*path, column.name) if column.name else path
        found += leaves(column.columns, here) if column.columns else [(column, "/".join(here))]
    return found


def load_document(path: Path) -> Document:
    """The document specified in a YAML file, its layouts and figures filled in.

    Layouts come from `layouts/*.yaml` beside it, figures from the CSV files it names, whose head line must be the
    layout's column paths. Raises SpecError.
    """
    document = _convert(path, Document)
    layouts: dict[str, list[Column]] = {}
    for file in sorted((path.parent / "layouts").glob("*.yaml")):
        layouts |= _convert(file, dict[str, list[Column]])
    for block in document.blocks:
        if isinstance(block, Table):
            if block.layout:
                if block.layout not in layouts:
                    raise SpecError(
                        f"{path}: table {block.title} asks for the layout {block.layout}, which is not there"
                    )
                block.columns = layouts[block.layout]
            if block.figures:
                block.rows = _rows(path.parent / block.figures, block.columns)
    return document


def _convert(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), kind)
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise SpecError(f"{path}: {error}") from error


def _rows(path: Path, columns: list[Column]) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    expected = [label for _, label in leaves(columns)]
    if head != expected:
        raise SpecError(f"{path}: the head line is {head}, the layout has {expected}")
    for number, row in enumerate(rows, start=2):
        if len(row) != len(expected):
            raise SpecError(f"{path}, line {number}: {len(row)} cells, the layout has {len(expected)} columns")
    return rows
