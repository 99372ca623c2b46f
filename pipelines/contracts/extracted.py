"""The parquet interface of extraction: what is printed, one row per document, table, figure and so on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Self

import polars as pl

from pipelines.contracts import vocabulary as v
from pipelines.contracts.contract import Column, Contract

_DOCUMENT_ID = Column("document_id", "text", "文件编号", "SHA-256 of the file.", key=True, pattern="[0-9a-f]{64}")

DOCUMENT = Contract(
    "", "extracted_document", "已登记文件", "One row per registered file: what it is and what came of reading it.",
    (
        _DOCUMENT_ID,
        Column("file_name", "text", "文件名", "Name under which the file was registered; never used to read it."),
        Column("file_bytes", "bigint", "文件大小", "Size in bytes.", minimum=0),
        Column("page_count", "int", "页数", "Pages; NULL where the file could not be opened.", null=True, minimum=0),
        Column("producer", "text", "生成软件", "Producer named in the PDF, '' where none."),
        Column("link_title", "text", "链接标题", "Title of the link that led to the file, '' where unknown."),
        Column("portal_region", "text", "网站地区", "Region of the portal it came from, '' where unknown."),
        Column("media_type", "text", "文件格式", "By content, for files fetched from a portal.", null=True),
        Column("published_on", "text", "发布日期", "Day of publication its page states, as YYYY-MM-DD.", null=True,
               pattern="[0-9]{4}-[0-9]{2}-[0-9]{2}"),
        Column("publisher", "text", "发布机构", "Who published it, by its page or portal.", null=True),
        Column("source_url", "text", "来源地址", "Address it was first fetched from.", null=True),
        Column("revision_no", "int", "修订序号", "1 for the first bytes seen at its address, 2 for those that replaced "
               "them.", null=True, minimum=1),
        Column("supersedes", "text", "取代文件", "document_id of the file it replaced at its address.", null=True),
        Column("status", "text", "读取状态", "What came of reading the file.", allowed=v.READ_STATUSES),
        Column("reason", "text", "原因", "Why, in words for a person; '' when all is well."),
        Column("title", "text", "文件标题", "Title printed in the document.", null=True),
        Column("department_name", "text", "部门名称（文件所载）", "Department as the pages or the link name it.",
               null=True),
        Column("region_name", "text", "地区（文件所载）", "Region as the pages or the portal name it.", null=True),
        Column("fiscal_year", "int", "年度", "Year of the account.", null=True, minimum=1990, maximum=2100),
        Column("kind", "text", "文件类别", "Budget (预算) or final account (决算).", null=True, allowed=v.KINDS),
        Column("scope", "text", "编报范围", "Consolidated department, one unit, or its own office.", null=True,
               allowed=v.SCOPES),
        Column("part", "text", "文件部分", "Which part of a disclosure the file holds.", null=True, allowed=v.PARTS),
        Column("metadata_evidence", "text", "判定依据", "Where each of these facts came from, as JSON."),
        Column("figures", "int", "数字个数", "Printed figures read.", minimum=0),
        Column("tables_recognised", "int", "已识别表数", "Tables whose identity is known.", minimum=0),
        Column("tables_unrecognised", "int", "未识别表数", "Tables whose identity is not known.", minimum=0),
        Column("pages_image_only", "int", "图像页数", "Pages without text.", minimum=0),
        Column("unconserved_tables", "int", "字符未守恒表数", "Tables in which some glyph is in no cell.", minimum=0),
        Column("fallback_pages", "int", "后备引擎页数", "Pages read by the fallback engine.", minimum=0),
        Column("extractor", "text", "读取程序", "Name and version of what read it."),
    ),
)  # fmt: skip

TABLE = Contract(
    "", "extracted_table", "文件中的表", "One row per logical table found in a document, in print order.",
    (
        _DOCUMENT_ID,
        Column("table_no", "int", "表序", "1 for the first table printed.", key=True, minimum=1),
        Column("table_id", "text", "规范表编号", "Canonical table; NULL where the table was not recognised.",
               null=True),
        Column("table_title", "text", "表名", "Title as printed."),
        Column("first_page", "int", "起始页", "First PDF page, from 1.", minimum=1),
        Column("last_page", "int", "结束页", "Last PDF page, from 1.", minimum=1),
        Column("unit", "text", "金额单位", "Unit printed for the table (元, 万元).", null=True),
        Column("body_rows", "int", "表体行数", "Rows below the header.", minimum=0),
        Column("figures", "int", "数字个数", "Figures read from the table.", minimum=0),
        Column("engine", "text", "识别引擎", "What told the grid: rulings, camelot, or alignment."),
        Column("conserved", "bool", "字符守恒", "Every glyph in the table is in exactly one cell."),
        Column("state", "text", "表状态", "Read, declared empty by a note, or blank.", allowed=v.TABLE_STATES),
        Column("empty_note", "text", "空表说明", "The printed note, or row of a list of the tables, that declares the "
               "table empty, whatever stands in it; '' where none."),
        Column("empty_note_page", "int", "空表说明所在页", "Page of the note, from 1.", null=True, minimum=1),
        Column("blank_labels", "text", "空行名称", "Labels of the rows that hold nothing else, one a line."),
        Column("candidates", "text", "候选表", "Nearest canonical tables of an unrecognised one, '' otherwise."),
    ),
)  # fmt: skip

UNIT = Contract(
    "", "extracted_unit", "单位构成", "One row per unit that a document lists as covered by its account.",
    (
        _DOCUMENT_ID,
        Column("unit_no", "int", "序号", "1 for the first unit listed.", key=True, minimum=1),
        Column("unit_name", "text", "单位名称", "Name as printed, in half-width forms; 本级 where only the own "
               "office is meant."),
        Column("page", "int", "页码", "PDF page of the list, from 1.", minimum=1),
        Column("source_kind", "text", "来源", "Table or running text.", allowed=v.SOURCE_KINDS),
        Column("merged", "bool", "并入本级", "Printed as having no account besides the own office's."),
        Column("stated_units", "int", "所述单位数", "Number of units the list states; NULL where it states none.",
               null=True, minimum=0),
    ),
)  # fmt: skip

FIGURE = Contract(
    "", "extracted_figure", "印刷数字", "One row per printed figure, in a table or in running text, and "
    "what the text states in words alone.",
    (
        Column("figure_id", "text", "数字编号", "Hash of document, page and rounded box; stable across extractor "
               "versions.", key=True, pattern="[0-9a-f]{20}"),
        Column("document_id", "text", "文件编号", "SHA-256 of the file.", pattern="[0-9a-f]{64}"),
        Column("page", "int", "页码", "PDF page, from 1.", minimum=1),
        Column("table_no", "int", "表序", "Table of the document; NULL for running text.", null=True, minimum=1),
        Column("table_id", "text", "规范表编号", "Canonical table; NULL for text and unrecognised tables.", null=True),
        Column("table_title", "text", "表名", "Title as printed; '' for running text."),
        Column("row_no", "int", "行序", "Body row in print order, from 1; NULL for text.", null=True, minimum=1),
        Column("row_label", "text", "行名称", "Label printed in the row; '' for text."),
        Column("label_path", "text", "行名称所属表头", "Header levels printed above the row labels, joined by "
               "'/': what a side-by-side panel lists; '' for text."),
        Column("subject_code", "text", "科目编码（印刷）", "Printed code, digits only, joined 类款项.", null=True,
               pattern="[0-9]+"),
        Column("other_codes", "text", "其他编码", "Further codes printed in the row as 'kind=code;…' (unit, "
               "procurement, the other economic classification); '' for none."),
        Column("column_path", "text", "栏目", "Printed header levels joined by '/'; '' for text."),
        Column("value_text", "text", "印刷文本", "The figure as printed."),
        Column("value", "decimal(24,6)", "数值", "Value in the printed unit; a decrease in text is negative.",
               null=True),
        Column("unit", "text", "印刷单位", "Printed unit (元, 万元, %, 人, 辆 …).", null=True),
        Column("value_state", "text", "数值状态", "A printed zero, a blank and a dash are different things; "
               "text may state in a word what no number says.",
               allowed=v.VALUE_STATES),
        Column("source_kind", "text", "来源", "Table cell or running text.", allowed=v.SOURCE_KINDS),
        Column("x0", "double", "左", "Left edge of the box in PDF user space, points."),
        Column("y0", "double", "下", "Bottom edge of the box in PDF user space, points."),
        Column("x1", "double", "右", "Right edge of the box in PDF user space, points."),
        Column("y1", "double", "上", "Top edge of the box in PDF user space, points."),
        Column("extractor", "text", "读取程序", "Name and version of what read it."),
        Column("measure_id", "text", "指标", "Canonical measure (core.dim_measure); NULL where unknown.", null=True),
        Column("statement_kind", "text", "陈述类别", "What the figure states about the measure; a comparison "
               "(决算数小于预算数), the name of a part (主要包括：基本工资) and a title are words without a value.",
               null=True,
               allowed=v.STATEMENT_KINDS),
        Column("fund_source", "text", "资金来源", "Money it is about (core.dim_fund).", null=True,
               allowed=v.FUND_SOURCES),
        Column("nature", "text", "支出性质", "Basic, project and so on.", null=True, allowed=v.NATURES),
        Column("stage", "text", "阶段", "Budget, execution or final account.", null=True, allowed=v.STAGES),
        Column("period_year", "int", "所属年度", "Year the figure is about.", null=True, minimum=1990, maximum=2100),
        Column("base", "text", "比较基础", "What a change or share is of, what a word compares with; '' for a "
               "level.", null=True),
        Column("breakdown", "text", "细分", "Further axes as 'name=value;…', the direction of a comparison among "
               "them; '' for none.", null=True),
        Column("subject_label", "text", "科目名称路径", "类/款/项 names where no code is printed.", null=True),
        Column("sentence", "text", "原句", "The printed sentence without white space, for text.", null=True),
        Column("span_start", "int", "起始字符", "Where the number begins in the sentence, from 0.", null=True,
               minimum=0),
        Column("span_end", "int", "结束字符", "Where the number and its unit end in the sentence.", null=True,
               minimum=1),
    ),
)  # fmt: skip

STATEMENT_BOX = Contract(
    "", "extracted_statement_box", "正文位置", "One row per printed piece of a figure in running text and of its "
    "sentence: what is broken over lines or pages has several.",
    (
        Column("figure_id", "text", "数字编号", "The figure.", key=True, pattern="[0-9a-f]{20}"),
        Column("part", "text", "部分", "The number with its unit, or the whole sentence.", key=True,
               allowed=v.STATEMENT_PARTS),
        Column("piece_no", "int", "段序", "1 for the first piece in reading order.", key=True, minimum=1),
        Column("page", "int", "页码", "PDF page, from 1.", minimum=1),
        Column("x0", "double", "左", "Left edge of the box in PDF user space, points."),
        Column("y0", "double", "下", "Bottom edge of the box in PDF user space, points."),
        Column("x1", "double", "右", "Right edge of the box in PDF user space, points."),
        Column("y1", "double", "上", "Top edge of the box in PDF user space, points."),
    ),
)  # fmt: skip

CONTRACTS = {
    "documents": DOCUMENT, "tables": TABLE, "figures": FIGURE, "statement_boxes": STATEMENT_BOX, "units": UNIT,
}  # fmt: skip
"""The contract of each frame of `Extracted`."""


class Extracted(NamedTuple):
    """What was read of some documents, a frame for each contract."""

    documents: pl.DataFrame
    tables: pl.DataFrame
    figures: pl.DataFrame
    statement_boxes: pl.DataFrame
    units: pl.DataFrame

    @classmethod
    def of(cls, rows: Mapping[str, list[dict[str, Any]]]) -> Self:
        """Frames of `rows` by the names of their frames; those not given are empty."""
        return cls(*(contract.frame(rows.get(name, [])) for name, contract in CONTRACTS.items()))

    @classmethod
    def joined(cls, parts: Iterable[Self]) -> Self:
        """All rows of all `parts`, in their order."""
        return cls(*(pl.concat(frames) for frames in zip(cls.of({}), *parts, strict=True)))
