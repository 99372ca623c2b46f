"""What is known for and against each figure: identities that do not hold, whose error, and the marts of it."""

from __future__ import annotations

from dataclasses import replace

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
        Column("fiscal_year", "int", "年度", "Year of the document.", null=True,
               behind="select $document_id as document_id, 1 as page"),
        Column("page", "int", "页码", "Page of the left side.", null=True,
               behind="select $document_id as document_id, $page as page"),
        Column("about", "text", "核对内容", "Measure, money, subject and year of the left side, in Chinese."),
        Column("demands", "text", "应有关系", "What should hold, in a line."),
        Column("left_printed", "text", "左边印刷内容", "Left side as printed: where on the page, and what."),
        Column("right_printed", "text", "右边印刷内容", "Figures of the right side as printed, with what differs from "
               "the left: file, page, table, row, column or sentence. Zeros are counted."),
        *(replace(_RESULT[name], printed_as=("figure_ids",)) for name in ("lhs", "rhs", "difference", "tolerance")),
        _RESULT["verdict"],
        Column("whose_error", "text", "差错方", "Rounding of printed digits is the publisher's.",
               allowed=v.WHOSE_ERROR),
        Column("evidence", "text", "依据", "Why, in words."),
    ),
)  # fmt: skip

_COUNTED = (
    "select figure_id from prov.figure_counted where dimension = $dimension and member = $member{} "
    "order by badness desc, figure_id"
)


def _counted(name: str, zh: str, doc: str, figure_class: str = "") -> Column:
    only = f" and figure_class = '{figure_class}'" if figure_class else ""
    return Column(name, "int", zh, doc, minimum=0, behind=_COUNTED.format(only))


FIGURE_TRUST = Contract(
    "mart", "figure_trust", "数字可信度", "One row per part of the warehouse: how many of its printed figures are "
    "proven by an identity that holds and could have failed, contradicted by one that does not, or neither.",
    (
        Column("dimension", "text", "维度", "What the figures are counted by. A family is a layout family: the region "
               "of the portal a document came from, else the one it names.", key=True,
               allowed=("all", "family", "year", "table", "document")),
        Column("member", "text", "取值", "Family, year, table id ('text' for running text) or document id.", key=True),
        Column("member_name", "text", "名称", "What a reader knows the member by: file name of a document, usual title "
               "of a table, '' otherwise."),
        Column("department_name", "text", "部门名称", "Department of a document; NULL for other members.", null=True),
        _counted("figures", "数字总数", "Distinct printed figures."),
        _counted("proven", "已证实", "In an identity that holds, and in none that does not.", "proven"),
        _counted("contradicted", "被否定", "In an identity that does not hold.", "contradicted"),
        _counted("unproven", "未证实", "In no identity that could be evaluated.", "unproven"),
        Column("proven_pct", "decimal(18,4)", "已证实比重（%）", "Proven of all, in percent.",
               formula="100.0 * proven / figures"),
    ),
)  # fmt: skip

_IDENTITIES = (
    "select verdict, weight, check_id, subject, document_id, page, figure_ids from prov.disclosure_identity "
    "where disclosure_key = $disclosure_key{} order by weight - kept desc, check_id, figure_ids"
)
_ITEMS = (
    "select item, weight, what, document_id, page, figure_id from prov.disclosure_item "
    "where disclosure_key = $disclosure_key and weight > 0 order by item, weight desc, document_id, page"
)
_DATED = (
    "select published_on, source_url, file_name, document_id, 1 as page from prov.document "
    "where disclosure_key = $disclosure_key and published_on is not null order by published_on, document_id"
)

DISCLOSURE_QUALITY = Contract(
    "mart", "disclosure_quality", "公开质量", "One row per disclosure: a score of 0 to 100 with its components. "
    "Completeness counts 40, consistency 40, timeliness 20; where the days of approval and publication are not both "
    "known the first two count alone.",
    (
        Column("disclosure_key", "text", "公开编号", "The disclosure (core.dim_document).", key=True),
        Column("department_key", "text", "部门编号", "Department."),
        Column("department_name", "text", "部门名称", "Standard name."),
        Column("fiscal_year", "int", "年度", "Year.", behind="select document_id, 1 as page from prov.document "
               "where disclosure_key = $disclosure_key order by document_id"),
        Column("kind", "text", "类别", "Budget or final account.", allowed=v.KINDS),
        Column("scope", "text", "编报范围", "Department, unit or own office.", allowed=v.SCOPES),
        Column("items_required", "int", "应公开项目", "Tables and statements every disclosure owes.", minimum=0,
               unprinted="The same for every disclosure: the list stands in sql/views/prov/disclosure_item.sql."),
        Column("items_present", "decimal(18,4)", "已公开项目", "Of these present: with figures or declared empty 1, "
               "empty without a word or with figures and declared empty 0.5. An item counts once, by the best of "
               "what is found for it.", behind=_ITEMS),
        Column("items_missing", "text", "缺少项目", "What is not there, joined by spaces."),
        Column("completeness", "decimal(18,4)", "完整性得分", "Of 40.",
               formula="40 * items_present / items_required"),
        Column("identities", "int", "核对项数", "Identities that could be evaluated; parser errors do not count.",
               minimum=0, behind=_IDENTITIES.format("")),
        Column("identities_minor", "int", "微差项数", "Of these off by little.", minimum=0,
               behind=_IDENTITIES.format(" and verdict = 'minor'")),
        Column("identities_failed", "int", "不符项数", "Of these failed.", minimum=0,
               behind=_IDENTITIES.format(" and verdict = 'fail'")),
        Column("weight_evaluated", "decimal(18,4)", "核对权重", "Sum of their weights: tables 3, with running text 2, "
               "shares and percents 1, titles 0.5.", behind=_IDENTITIES.format("")),
        Column("weight_kept", "decimal(18,4)", "相符权重", "What of it holds; half where off by little.",
               behind=_IDENTITIES.format("")),
        Column("consistency", "decimal(18,4)", "一致性得分", "Of 40; NULL where nothing could be evaluated.",
               null=True, formula="40 * weight_kept / weight_evaluated"),
        Column("published_on", "text", "发布日期", "First day of publication that a page of the portal states.",
               null=True, behind=_DATED, unprinted="A day of publication stands on the web page, not in the file."),
        Column("approved_on", "text", "批复日期", "Day of approval (ref.approval): the department's, else its "
               "region's.", null=True,
               unprinted="Approvals are a curated list, raw/reference/approvals.csv, with their source."),
        Column("days_to_publish", "int", "批复至公开天数", "Days from approval to publication; the law allows 20.",
               null=True, formula="cast(published_on as date) - cast(approved_on as date)"),
        Column("timeliness", "decimal(18,4)", "及时性得分", "Of 20: all up to 20 days, none from 60 on, in proportion "
               "between; NULL with a reason.", null=True,
               formula="20 * least(1, greatest(0, (60 - days_to_publish) / 40))"),
        Column("timeliness_null_reason", "text", "及时性空值原因", "Why timeliness is not known.", null=True,
               allowed=("publication_day_unknown", "approval_day_unknown", "published_before_approval")),
        Column("score", "decimal(18,4)", "总分", "The known components, of 100; NULL where no identity could be "
               "evaluated.", null=True,
               formula="100 * (completeness + consistency + coalesce(timeliness, 0)) "
               "/ if(timeliness is null, 80, 100)"),
    ),
)  # fmt: skip
