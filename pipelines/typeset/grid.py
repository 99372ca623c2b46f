"""From header trees and printed rows to grid cells, and from those to the figures a reader must find.

Knows rows and columns, no points and no pages.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.typeset.spec import ABOVE, LEFT, Column, Table, leaves


@dataclass(frozen=True)
class GridCell:
    """A cell of a grid, merged cells being one."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    role: str
    """'header', 'label', 'code' or 'value'."""


@dataclass(frozen=True)
class RowFigure:
    """A printed value by its place in the body: row and column index, and what its row and column say of it."""

    row: int
    col: int
    row_no: int
    code: str
    label: str
    column_path: str
    value_text: str


def header_cells(table: Table) -> tuple[list[GridCell], int]:
    """The cells of the header, and how many grid rows it has. Leaves reach down to the last header row."""
    depth = _depth(table.columns)
    cells: list[GridCell] = []

    def place(columns: list[Column], row: int, col: int) -> int:
        for column in columns:
            if _has_header_below(column):
                end = place(column.columns, row + 1, col)
                cells.append(GridCell(row, col, 1, end - col, column.name, "header"))
            else:
                end = col + max(1, len(column.columns))
                # Where the first body row stands beside the lowest header cells, only those reach the last row.
                bottom = depth - 1 if table.first_row_in_header and row < depth - 1 else depth
                cells.append(GridCell(row, col, bottom - row, end - col, column.name, "header"))
            col = end
        return col

    place(table.columns, 0, 0)
    return sorted(cells, key=lambda cell: (cell.row, cell.col)), depth


def body_cells(table: Table) -> list[GridCell]:
    """The cells of the body, rows counted from 0. Cells taken by the header (first row in header) are left out."""
    roles = [column.kind for column, _ in leaves(table.columns)]
    masters = _masters(table.rows)
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for place, master in masters.items():
        members.setdefault(master, []).append(place)
    taken = set(_columns_in_last_header_row(table)) if table.first_row_in_header else set()
    cells = []
    for (row, col), places in members.items():
        if row == 0 and col in taken:
            continue
        last_row, last_col = max(places)
        text = table.rows[row][col]
        cells.append(GridCell(row, col, last_row - row + 1, last_col - col + 1, text, roles[col]))
    return cells


def row_figures(table: Table) -> list[RowFigure]:
    """Every printed value of the table in reading order.

    `row_no` counts the rows that print anything, from 1. Codes of a row are joined; its label is the text of its label
    cells joined by '/', without white space; both are taken from the panel the value stands in. A label merged over
    several columns belongs to the value at its right.
    """
    columns = leaves(table.columns)
    masters = _masters(table.rows)
    panels = _panels([column for column, _ in columns])
    figures: list[RowFigure] = []
    row_no = 0
    for row, cells in enumerate(table.rows):
        if any(text not in ("", LEFT, ABOVE) for text in cells):
            row_no += 1
        for col, (column, path) in enumerate(columns):
            text = cells[col]
            if column.kind != "value" or masters[row, col] != (row, col) or not text:
                continue
            codes: list[str] = []
            labels: list[str] = []
            for head_row, head_col in dict.fromkeys(masters[row, head] for head in panels[col]):
                head_text = "".join(table.rows[head_row][head_col].split())
                is_code = columns[head_col][0].kind == "code" and head_text.isdigit()
                (codes if is_code else labels).append(head_text)
            figures.append(RowFigure(row, col, row_no, "".join(codes), "/".join(filter(None, labels)), path, text))
    return figures


def _has_header_below(column: Column) -> bool:
    """False for a leaf, and for a header cell over several unnamed columns, as over two-level row labels."""
    return any(child.name for child in column.columns)


def _depth(columns: list[Column]) -> int:
    return max(1 + (_depth(column.columns) if _has_header_below(column) else 0) for column in columns)


def _columns_in_last_header_row(table: Table) -> list[int]:
    cells, depth = header_cells(table)
    last = [cell for cell in cells if cell.row + cell.row_span == depth]
    return [col for cell in last for col in range(cell.col, cell.col + cell.col_span)]


def _masters(rows: list[list[str]]) -> dict[tuple[int, int], tuple[int, int]]:
    """The top left place of the cell each place belongs to."""
    masters: dict[tuple[int, int], tuple[int, int]] = {}
    for row, cells in enumerate(rows):
        for col, text in enumerate(cells):
            source = {LEFT: (row, col - 1), ABOVE: (row - 1, col)}.get(text)
            masters[row, col] = masters[source] if source else (row, col)
    return masters


def _panels(columns: list[Column]) -> list[list[int]]:
    """For each column, the label and code columns of its panel; a label after a value starts the next panel."""
    panels: list[list[int]] = []
    heads: list[int] = []
    previous = "label"
    for index, column in enumerate(columns):
        if column.kind != "value":
            heads = [index] if previous == "value" else [*heads, index]
        panels.append(heads)
        previous = column.kind
    return panels
