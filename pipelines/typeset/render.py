"""Places a document's blocks on pages, and remembers where each printed value went.

Everything about points lives here: wrapping, row heights, page breaks, rulings. Coordinates are points as a reader
sees the page, origin bottom left. The same document always gives the same bytes.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field

import msgspec
from reportlab.lib.pagesizes import A3, A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from pipelines.typeset.grid import GridCell, RowFigure, body_cells, header_cells, row_figures
from pipelines.typeset.spec import Cover, Document, SpecError, Table, Text, leaves

SAMPLE_NOTE = "样本文件：数字取自公开文件，仅供演示"

MARGIN = 56.0
LEADING = 1.25
PADDING = 3.0
RULE = 0.6
DOT = 2.4
"""From one dot of a dotted rule to the next."""
KEEP_TOGETHER = 160.0
"""A table with less room than this below the text before it, for its caption, header and a row, starts a page."""
NUMBER = re.compile(r"[-\d,.%]+")
# Punctuation that may not begin a line hangs at the end of the one before it.
CLOSING = frozenset("，。、；：！？）》”’〕%")
TOKEN = re.compile(r"[0-9A-Za-z.,%]+|.", re.DOTALL)


@dataclass(frozen=True)
class ExpectedFigure:
    """A value a reader must find: the page (from 1), its table, row and column, and the box of its cell.

    `label` is without white space, two-level labels joined by '/'; `code` has its parts joined; `row_no` counts the
    rows of the table that print anything, across continuation pages, from 1.
    """

    page: int
    table_title: str
    row_no: int
    code: str
    label: str
    column_path: str
    value_text: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Typeset:
    """A typeset document: the PDF, and every value its tables print."""

    pdf: bytes
    figures: list[ExpectedFigure]


def typeset(document: Document, font: str) -> Typeset:
    """Typesets a document in a registered font. Raises SpecError where a value does not fit its column."""
    press = _Press(document, font)
    for block in document.blocks:
        match block:
            case Cover():
                press.cover(block)
            case Text():
                press.text(block)
            case Table():
                press.table(block)
    return press.finish()


def expected_figures(document: Document, font: str) -> list[ExpectedFigure]:
    """Every value the tables of the document print, in reading order, with the page and cell it stands in."""
    return typeset(document, font).figures


def wrap(text: str, font: str, size: float, width: float) -> list[str]:
    """The lines of a text set to a width: numbers stay whole, closing punctuation hangs."""
    lines = [""]
    for token in TOKEN.findall(text):
        fits = stringWidth(lines[-1] + token, font, size) <= width
        if fits or not lines[-1] or token in CLOSING:
            lines[-1] += token
        else:
            lines.append(token.lstrip())
    return lines


@dataclass
class _Frame:
    """The part of a table on one page: its left, right and upper edge, the foot of its header, and all its rules."""

    left: float
    right: float
    top: float
    header: float | None = None
    rules: set[tuple[float, float, float, float]] = field(default_factory=set)


class _Press:
    """The canvas, the page that is being filled, and how far down it is filled."""

    def __init__(self, document: Document, font: str) -> None:
        self.document = document
        self.font = font
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, invariant=1, pageCompression=1)
        self.canvas.setTitle(document.link_title)
        self.canvas.setProducer("juesuan samples")
        self.page = 0
        self.numbered = True
        self.width, self.height = A4
        self.y = 0.0
        self.figures: list[ExpectedFigure] = []

    def finish(self) -> Typeset:
        self._close_page()
        self.canvas.save()
        return Typeset(self.buffer.getvalue(), self.figures)

    # --- pages -------------------------------------------------------------------------------------------------

    def _open_page(self, width: float, height: float, rotate: bool = False) -> None:
        self._close_page()
        self.page += 1
        self.numbered = True
        self.width, self.height = width, height
        self.y = height - MARGIN
        self.canvas.setPageSize((width, height))
        self.canvas.setPageRotation(90 if rotate else 0)
        if rotate:
            # Turns what is drawn as read into the upright page that /Rotate will turn back.
            self.canvas.transform(0, 1, -1, 0, height, 0)

    def _close_page(self) -> None:
        if not self.page:
            return
        self._string(SAMPLE_NOTE, 7, self.width / 2, 18, "centre")
        if self.document.page_number and self.numbered:
            self._string(self.document.page_number.format(self.page), 10.5, self.width / 2, 32, "centre")
        self.canvas.showPage()

    def _string(self, text: str, size: float, x: float, y: float, align: str) -> None:
        self.canvas.setFont(self.font, size)
        draw = {"left": "drawString", "centre": "drawCentredString", "right": "drawRightString"}[align]
        getattr(self.canvas, draw)(x, y, text)

    def _line(self, text: str, size: float, align: str = "left", indent: float = 0.0) -> None:
        """Prints one line at the current height and moves below it."""
        self.y -= size
        x = {"left": MARGIN + indent, "centre": self.width / 2, "right": self.width - MARGIN}[align]
        self._string(text, size, x, self.y, align)
        self.y -= size * (LEADING - 1)

    # --- running text ------------------------------------------------------------------------------------------

    def cover(self, block: Cover) -> None:
        self._open_page(*_paper(A4, block.landscape))
        # A title page carries no number, as in the real ones.
        self.numbered = False
        self.y = self.height * 0.66
        for text in block.lines:
            for line in wrap(text, self.font, 26, self.width - 2 * MARGIN):
                self._line(line, 26, "centre")
            self.y -= 12

    def text(self, block: Text) -> None:
        paper = _paper(A4, block.landscape)
        if block.new_page or (self.width, self.height) != paper:
            self._open_page(*paper)
        for paragraph in filter(None, map(str.strip, block.body.splitlines())):
            self._paragraph(paragraph, block.size, paper)

    def _paragraph(self, paragraph: str, size: float, paper: tuple[float, float]) -> None:
        level = len(paragraph) - len(paragraph.lstrip("#"))
        text = paragraph.lstrip("# ")
        size += {1: 6, 2: 1}.get(level, 0)
        # Two ideographic spaces, as every word processor indents Chinese paragraphs; set as space, not as glyphs.
        indent = 0.0 if level == 1 else 2 * size
        lines = wrap("　　" + text if indent else text, self.font, size, self.width - 2 * MARGIN)
        for number, line in enumerate(lines):
            if self.y - size * LEADING < MARGIN:
                self._open_page(*paper)
            if level == 1:
                self._line(line, size, "centre")
            else:
                self._line(line.lstrip("　"), size, "left", 0.0 if number else indent)
            self.y -= size * 0.35
        if level:
            self.y -= size * 0.4

    # --- tables ------------------------------------------------------------------------------------------------

    def table(self, block: Table) -> None:
        paper = _paper(A3 if block.a3 else A4, block.landscape)
        if block.new_page or (self.width, self.height) != paper or self.y - MARGIN < KEEP_TOGETHER:
            self._open_page(*paper, rotate=block.rotate)
        if block.number:
            self._line(block.number, 10.5)
        if block.caption == "above":
            self._caption_above(block, paper)
        self._grid(block, paper)
        for line in wrap(block.note, self.font, 10, self.width - 2 * MARGIN) if block.note else []:
            self.y -= 3
            self._line(line, 10)
        self.y -= 14

    def _caption_above(self, block: Table, paper: tuple[float, float]) -> None:
        for line in wrap(block.title, self.font, 16, self.width - 2 * MARGIN):
            self._line(line, 16, "centre")
        if block.break_after_title:
            self._open_page(*paper, rotate=block.rotate)
        self.y -= 6
        baseline = self.y - 10
        self._string(block.department, 10, MARGIN, baseline, "left")
        self._string(block.unit, 10, self.width - MARGIN, baseline, "right")
        self.y = baseline - 4

    def _grid(self, block: Table, paper: tuple[float, float]) -> None:
        edges = self._column_edges(block)
        header, depth = header_cells(block)
        body = body_cells(block)
        shared = 1 if block.first_row_in_header else 0
        if block.caption == "inside":
            caption = self._caption_cells(block, len(edges) - 1)
            header = caption + [_moved(cell, 2) for cell in header]
            depth += 2
        # The header's own rows, with the first body row where it stands beside them.
        top = header + [_moved(cell, depth - shared) for cell in body if cell.row < shared]
        rest = [_moved(cell, -shared) for cell in body if cell.row >= shared]
        top_heights = self._row_heights(block, top, depth, edges)
        heights = self._row_heights(block, rest, len(block.rows) - shared, edges)
        figures: dict[tuple[int, int], RowFigure] = {(f.row, f.col): f for f in row_figures(block)}

        def draw(cells: list[GridCell], tall: list[float], first: int, last: int, offset: int) -> None:
            boxes = self._draw_rows(block, cells, tall, first, last, edges)
            for (row, col), box in boxes.items():
                figure = figures.get((row + offset, col))
                if figure:
                    self.figures.append(self._expected(block, figure, box))

        self.frame = _Frame(edges[0], edges[-1], self.y)
        draw(top, top_heights, 0, depth, shared - depth)
        self.frame.header = self.y
        first = last = self._last_row_that_fits(heights, 0, block.rows_per_page)
        draw(rest, heights, 0, last, shared)
        self._rules(block)
        # Where the header is repeated the first body row is not, so all its cells reach down again.
        repeated, deep = header_cells(msgspec.structs.replace(block, first_row_in_header=False))
        repeated_heights = self._row_heights(block, repeated, deep, edges)
        while last < len(heights):
            self._open_page(*paper, rotate=block.rotate)
            self.frame = _Frame(edges[0], edges[-1], self.y)
            if block.repeat_header:
                self._draw_rows(block, repeated, repeated_heights, 0, deep, edges)
                self.frame.header = self.y
            last = self._last_row_that_fits(heights, first, block.rows_per_page)
            if last == first:
                raise SpecError(f"{block.title}: row {first + 1} is taller than a page: widen its columns")
            draw(rest, heights, first, last, shared)
            self._rules(block)
            first = last

    def _last_row_that_fits(self, heights: list[float], first: int, limit: int | None) -> int:
        """The row after the last one that fits on this page; `first` itself where none does."""
        room, last = self.y - MARGIN, first
        while last < len(heights) and heights[last] <= room and (limit is None or last - first < limit):
            room -= heights[last]
            last += 1
        return last

    def _column_edges(self, block: Table) -> list[float]:
        widths = [column.width for column, _ in leaves(block.columns)]
        scale = (self.width - 2 * MARGIN) / sum(widths)
        edges = [MARGIN]
        for width in widths:
            edges.append(edges[-1] + width * scale)
        return edges

    def _caption_cells(self, block: Table, columns: int) -> list[GridCell]:
        unit = max(1, columns // 3)
        return [
            GridCell(0, 0, 1, columns, block.title, "header"),
            GridCell(1, 0, 1, columns - unit, block.department, "label"),
            GridCell(1, columns - unit, 1, unit, block.unit, "header"),
        ]

    def _row_heights(self, block: Table, cells: list[GridCell], rows: int, edges: list[float]) -> list[float]:
        """Rows as high as their cells need; merged cells that need more stretch their last row."""
        heights = [block.size * LEADING + 2 * PADDING] * rows
        for cell in sorted(cells, key=lambda cell: cell.row_span):
            width = edges[cell.col + cell.col_span] - edges[cell.col] - 2 * PADDING
            needed = len(self._cell_lines(cell, block.size, width)[0]) * block.size * LEADING + 2 * PADDING
            span = slice(cell.row, cell.row + cell.row_span)
            heights[span.stop - 1] += max(0.0, needed - sum(heights[span]))
        return heights

    def _cell_lines(self, cell: GridCell, size: float, width: float) -> tuple[list[str], float]:
        """The lines of a cell and their size. Values never wrap: they are set smaller, down to a limit."""
        if cell.role != "value" or not NUMBER.fullmatch(cell.text):
            return wrap(cell.text, self.font, size, width), size
        needed = stringWidth(cell.text, self.font, size)
        if needed > width:
            size *= width / needed
        if size < 5:
            raise SpecError(f"The value {cell.text} does not fit its column of {width:.0f} points: widen the column")
        return [cell.text], size

    def _draw_rows(
        self, block: Table, cells: list[GridCell], heights: list[float], first: int, last: int, edges: list[float]
    ) -> dict[tuple[int, int], tuple[float, float, float, float]]:
        """Draws grid rows `first` to `last` (exclusive) at the current height; returns the box of each cell begun."""
        tops = [self.y]
        for height in heights[first:last]:
            tops.append(tops[-1] - height)
        boxes: dict[tuple[int, int], tuple[float, float, float, float]] = {}
        rules = self.frame.rules
        if block.rulings in ("cells", "stripes"):
            self._shade(block, cells, tops, first, last, edges)
        for cell in cells:
            begin, end = max(cell.row, first), min(cell.row + cell.row_span, last)
            if begin >= end:
                continue
            box = (edges[cell.col], tops[end - first], edges[cell.col + cell.col_span], tops[begin - first])
            rules |= {(box[0], y, box[2], y) for y in (box[1], box[3])}
            rules |= {(x, box[1], x, box[3]) for x in (box[0], box[2])}
            if cell.row >= first:
                boxes[cell.row, cell.col] = box
                self._cell_text(block, cell, box)
        self.y = tops[-1]
        return boxes

    def _cell_text(self, block: Table, cell: GridCell, box: tuple[float, float, float, float]) -> None:
        x0, y0, x1, y1 = box
        lines, size = self._cell_lines(cell, block.size, x1 - x0 - 2 * PADDING)
        baseline = (y0 + y1) / 2 + (len(lines) / 2 * LEADING - 1) * size + size * 0.12
        align = {"header": "centre", "code": "centre", "label": "left", "value": "right"}[cell.role]
        if cell.role == "label" and cell.col_span > 1 and "：" not in cell.text:
            align = "centre"
        x = {"left": x0 + PADDING, "centre": (x0 + x1) / 2, "right": x1 - PADDING}[align]
        for line in lines:
            self._string(line, size, x, baseline, align)
            baseline -= size * LEADING

    def _shade(
        self, block: Table, cells: list[GridCell], tops: list[float], first: int, last: int, edges: list[float]
    ) -> None:
        """Paints the background of every cell, or of the header and every second row."""
        self.canvas.setFillGray(0.9)
        boxes: list[tuple[float, float, float, float]] = []
        if block.rulings == "cells":
            for cell in cells:
                begin, end = max(cell.row, first), min(cell.row + cell.row_span, last)
                if begin < end:
                    boxes.append(
                        (edges[cell.col], tops[end - first], edges[cell.col + cell.col_span], tops[begin - first])
                    )
        elif self.frame.header is None:
            boxes.append((edges[0], tops[-1], edges[-1], tops[0]))
        else:
            boxes += [(edges[0], tops[i + 1], edges[-1], tops[i]) for i in range(1, last - first, 2)]
        for x0, y0, x1, y1 in boxes:
            self.canvas.rect(x0, y0, x1 - x0, y1 - y0, stroke=0, fill=1)
        self.canvas.setFillGray(0)

    def _rules(self, block: Table) -> None:
        """Draws the rules of the part of a table that stands on this page, those that its style has."""
        frame, foot = self.frame, self.y
        left, right, head = frame.left, frame.right, frame.header
        rules = sorted(frame.rules)
        match block.rulings:
            case "rows":
                rules = [rule for rule in rules if rule[1] == rule[3]]
            case "columns":
                rules = [rule for rule in rules if rule[0] == rule[2] or rule[1] in (frame.top, foot)]
            case "three_lines":
                rules = [(left, y, right, y) for y in (frame.top, foot, *([head] if head is not None else []))]
            case "outer":
                rules = [(left, y, right, y) for y in (frame.top, foot)]
                rules += [(x, foot, x, frame.top) for x in (left, right)]
            case "none" | "cells" | "stripes":
                rules = []
        for rule in rules:
            self._rule(block, *rule)

    def _rule(self, block: Table, x0: float, y0: float, x1: float, y1: float) -> None:
        if block.rulings == "fills":
            self.canvas.rect(x0, y0, max(x1 - x0, RULE), max(y1 - y0, RULE), stroke=0, fill=1)
        elif block.rulings == "dots":
            steps = int(max(x1 - x0, y1 - y0) / DOT)
            for i in range(steps + 1):
                self.canvas.rect(x0 + i * DOT * (x1 > x0), y0 + i * DOT * (y1 > y0), RULE, RULE, stroke=0, fill=1)
        else:
            self.canvas.setStrokeGray(1 if block.rulings == "white" else 0)
            self.canvas.setLineWidth(RULE)
            self.canvas.line(x0, y0, x1, y1)

    def _expected(self, block: Table, figure: RowFigure, box: tuple[float, float, float, float]) -> ExpectedFigure:
        return ExpectedFigure(
            page=self.page,
            table_title=block.title,
            row_no=figure.row_no,
            code=figure.code,
            label=figure.label,
            column_path=figure.column_path,
            value_text=figure.value_text,
            box=box,
        )


def _paper(size: tuple[float, float], landscape: bool) -> tuple[float, float]:
    return (size[1], size[0]) if landscape else size


def _moved(cell: GridCell, rows: int) -> GridCell:
    return GridCell(cell.row + rows, cell.col, cell.row_span, cell.col_span, cell.text, cell.role)
