"""What is known for and against each figure: identities that do not hold, whose error, and the marts of it."""

from __future__ import annotations

from pipelines.contracts import vocabulary as v
from pipelines.contracts.contract import Column, Contract
from pipelines.contracts.provenance import CHECK_RESULT

_RESULT = {column.name: column for column in CHECK_RESULT.columns}
_FIGURE = Column("figure_id", "text", "数字编号", "The figure (prov.figure).", key=True)
_DOCUMENT = Column("document_id", "text", "文件编号", "The document it is printed in.")

GATE_RESULT = Contract(
    "prov", "gate_result", "入库核对", "One row per rule that the warehouse itself must keep: keys of facts, rows per "
    "grain of each mart. Same columns as prov.check_result.",
    CHECK_RESULT.columns,
)  # fmt: skip

REREADING = Contract(
    "prov", "rereading", "复读结果", "One row per figure and reader where the second reading differs, where it cannot "
    "tell, and where the figure is in an identity that does not hold. All others agree: they are counted in "
    "prov.second_reading.",
    (
        _FIGURE,
        Column("reader", "text", "复读方式", "Text layer by position, stock camelot, or an amount of the table that no "
               "figure has (then figure_id is the figure nearest to it).", key=True,
               allowed=("position", "camelot", "unread")),
        _DOCUMENT,
        Column("page", "int", "页码", "Page, from 1.", key=True),
        Column("first_text", "text", "首次读数", "What was read first."),
        Column("text", "text", "复读读数", "What was read again: the number, or where words differ those printed above "
               "the figure, beside it, or before it.", key=True),
        Column("agrees", "bool", "是否一致", "Whether both readings are one; NULL where the reader cannot tell.",
               null=True),
        Column("differs_in", "text", "差异所在", "In what the readings differ, or what was not found again; '' for "
               "nothing.", allowed=("", "number", "column", "row", "subject", "unit")),
    ),
)  # fmt: skip

SECOND_READING = Contract(
    "prov", "second_reading", "复读统计", "One row per table of a document, and one for its running text: how many "
    "figures were read a second time by position, and how many amounts no figure has.",
    (
        Column("document_id", "text", "文件编号", "The document.", key=True),
        Column("table_no", "int", "表序", "Table of the document; 0 for running text.", key=True, minimum=0),
        Column("figures", "int", "数字个数", "Numbers read again.", minimum=0),
        Column("agreed", "int", "一致", "Both readings are one.", minimum=0),
        Column("agreed_in_number", "int", "仅数字一致", "Of these the words that give the number its meaning could not "
               "be found again; none in free forms, where they are not asked for.", minimum=0),
        Column("differed", "int", "不一致", "The readings differ.", minimum=0),
        Column("unread", "int", "未读金额", "Amounts printed in the table that no figure has.", minimum=0),
    ),
)  # fmt: skip

BLAME = Contract(
    "prov", "blame", "差错归属", "One row per identity that does not hold, or holds by rounding only: whose error it "
    "is.",
    (
        Column("check_id", "text", "核对编号", "The check (prov.check_result).", key=True),
        Column("figure_ids", "text", "所涉数字", "Its figures, as in prov.check_result.", key=True),
        Column("whose_error", "text", "差错方", "The publisher where both readings agree, the parser where they do "
               "not.", allowed=v.WHOSE_ERROR),
        Column("evidence", "text", "依据", "Why, in words."),
    ),
)  # fmt: skip

BLOCKED_FIGURE = Contract(
    "prov", "blocked_figure", "暂停发布的数字", "One row per figure that makes no fact because two readings of "
    "its table, or of the figure itself in running text, differ.",
    (
        _FIGURE,
        _DOCUMENT,
        Column("table_no", "int", "表序", "Table of the document; NULL in running text.", null=True),
        Column("page", "int", "页码", "Page, from 1."),
        Column("reason", "text", "原因", "What was found, in words."),
    ),
)  # fmt: skip

RECONCILIATION = Contract(
    "mart", "reconciliation", "勾稽差异", "One row per identity that fails or is doubtful, in words that can be "
    "checked against the page. Whose error it is comes from reading the figures again; what is printed stays.",
    (
        Column("check_id", "text", "核对编号", "Check that found it, a file of sql/checks.", key=True),
        Column("document_id", "text", "文件编号", "Document of the left side.", key=True),
        Column("figure_ids", "text", "所涉数字", "Printed figures of both sides.", key=True),
        Column("subject", "text", "核对对象", "What was checked, in words.", key=True),
        Column("file_name", "text", "文件名", "File as registered."),
        Column("department_name", "text", "部门名称", "Department, as curated, else as the file names it.", null=True),
        Column("fiscal_year", "int", "年度", "Year of the document.", null=True),
        Column("page", "int", "页码", "Page of the left side.", null=True),
        Column("left_printed", "text", "左边印刷内容", "Left side as printed: where and what."),
        Column("right_printed", "text", "右边印刷内容", "Figures of the right side as printed, with their pages."),
        _RESULT["lhs"], _RESULT["rhs"], _RESULT["difference"], _RESULT["tolerance"], _RESULT["verdict"],
        Column("whose_error", "text", "差错方", "Rounding of printed digits is the publisher's.",
               allowed=v.WHOSE_ERROR),
        Column("evidence", "text", "依据", "Why, in words."),
    ),
)  # fmt: skip

FIGURE_TRUST = Contract(
    "mart", "figure_trust", "数字可信度", "One row per part of the warehouse: how many of its printed figures are "
    "proven by an identity that holds and could have failed, contradicted by one that does not, or neither.",
    (
        Column("dimension", "text", "维度", "What the figures are counted by.", key=True,
               allowed=("all", "region", "year", "table", "document")),
        Column("member", "text", "取值", "Region, year, table id ('text' for running text) or document id.", key=True),
        Column("figures", "int", "数字总数", "Distinct printed figures.", minimum=0),
        Column("proven", "int", "已证实", "In an identity that holds, and in none that fails.", minimum=0),
        Column("contradicted", "int", "被否定", "In an identity that does not hold.", minimum=0),
        Column("unproven", "int", "未证实", "In no identity that could be evaluated.", minimum=0),
        Column("proven_pct", "decimal(18,4)", "已证实比重（%）", "Proven of all, in percent.",
               formula="100.0 * proven / figures"),
    ),
)  # fmt: skip

DISCLOSURE_QUALITY = Contract(
    "mart", "disclosure_quality", "公开质量", "One row per disclosure: a score of 0 to 100 with its components. "
    "Completeness counts 40, consistency 40, timeliness 20; without a date of publication the first two count alone.",
    (
        Column("disclosure_key", "text", "公开编号", "The disclosure (core.dim_document).", key=True),
        Column("department_key", "text", "部门编号", "Department."),
        Column("fiscal_year", "int", "年度", "Year."),
        Column("kind", "text", "类别", "Budget or final account.", allowed=v.KINDS),
        Column("scope", "text", "编报范围", "Department, unit or own office.", allowed=v.SCOPES),
        Column("items_required", "int", "应公开项目", "Tables and statements every disclosure owes.", minimum=0),
        Column("items_present", "decimal(18,4)", "已公开项目", "Of these present: with figures or declared empty 1, "
               "empty without a word 0.5."),
        Column("items_missing", "text", "缺少项目", "What is not there, joined by spaces."),
        Column("completeness", "decimal(18,4)", "完整性得分", "Of 40."),
        Column("identities", "int", "核对项数", "Identities that could be evaluated; parser errors do not count.",
               minimum=0),
        Column("identities_failed", "int", "不符项数", "Of these failed.", minimum=0),
        Column("consistency", "decimal(18,4)", "一致性得分", "Of 40; NULL where nothing could be evaluated.",
               null=True),
        Column("timeliness", "decimal(18,4)", "及时性得分", "Of 20; NULL while the date of publication is unknown.",
               null=True),
        Column("score", "decimal(18,4)", "总分", "Sum of the known components, rescaled to 100.", null=True),
    ),
)  # fmt: skip
