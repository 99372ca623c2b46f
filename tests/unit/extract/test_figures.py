"""Where figures of running text stand: the number and its sentence, piece by piece."""

from __future__ import annotations

from pipelines.contracts import conform
from pipelines.contracts.extracted import STATEMENT_BOX
from pipelines.extract.figures import FigureIds, statement_boxes, statement_figures
from pipelines.extract.pages.model import Page, TextLine
from pipelines.extract.statements import read_statements

SIZE = 10.0


def line(text: str, x: float, y: float) -> TextLine:
    x0s = [x + SIZE * i for i in range(len(text))]
    return TextLine(text, x0s, [x0 + SIZE for x0 in x0s], y, y + SIZE)


def test_a_number_broken_over_two_lines_has_two_boxes_and_its_sentence_has_both_lines() -> None:
    lines = [
        line("占位占位占位占位占位占位", 72, 140),
        line("2023年度本年支出合计83", 92, 126),
        line("8.61万元。", 72, 112),
    ]
    page = Page(3, 400, 400, 0, lines, [], 1, 0)
    statements = read_statements([page], fiscal_year=2023, kind="final")
    figures = statement_figures(statements, {3: page}, FigureIds("a" * 64))
    boxes = STATEMENT_BOX.frame(statement_boxes(statements, figures, {3: page}))

    (figure,) = figures
    assert figure["sentence"][figure["span_start"] : figure["span_end"]] == "838.61万元"
    assert boxes.select("part", "piece_no", "page", "x0", "y0", "x1", "y1").rows() == [
        ("number", 1, 3, 212.0, 126.0, 232.0, 136.0),
        ("number", 2, 3, 72.0, 112.0, 132.0, 122.0),
        ("sentence", 1, 3, 92.0, 126.0, 232.0, 136.0),
        ("sentence", 2, 3, 72.0, 112.0, 142.0, 122.0),
    ]
    assert conform(boxes, STATEMENT_BOX)[1].is_empty()
