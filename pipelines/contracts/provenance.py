"""Schema `prov`: documents, printed figures and everything that can be said against them."""

from __future__ import annotations

from pipelines.contracts import extracted
from pipelines.contracts import vocabulary as v
from pipelines.contracts.contract import Column, Contract

DOCUMENT = Contract(
    "prov", "document", "文件", "One row per registered file: what it is, what was read and what became of it.",
    (
        *extracted.DOCUMENT.columns,
        Column("partition", "text", "分区", "Portal and listing year it was registered under."),
        Column("disclosure_key", "text", "公开编号", "Logical document it belongs to (core.dim_document).", null=True),
        Column("department_key", "text", "部门编号", "Department (core.dim_department).", null=True),
        Column("outcome", "text", "处理结果", "What the warehouse made of the file.", allowed=v.OUTCOMES),
        Column("outcome_reason", "text", "结果说明", "Why, in words for a person; '' when all is well."),
    ),
)  # fmt: skip

DOCUMENT_TABLE = Contract("prov", "document_table", extracted.TABLE.zh, extracted.TABLE.doc, extracted.TABLE.columns)

FIGURE = Contract(
    "prov", "figure", "印刷数字", "One row per printed figure: what is printed, where, and what it means.",
    (
        *extracted.FIGURE.columns,
        Column("subject_code_inferred", "text", "科目编码（推定）", "Code known only from the row's label path.",
               null=True, pattern="[0-9]+"),
        Column("amount_yuan", "decimal(18,2)", "金额（元）", "Printed amount in 元; NULL for what is not money.",
               null=True),
        Column("code_system", "text", "科目体系", "Which code list the subject code belongs to.", null=True,
               allowed=v.CODE_SYSTEMS),
        Column("corrected_value", "decimal(24,6)", "更正值", "What it should say, in the printed unit; facts are made "
               "of this value. NULL where nothing is corrected.", null=True),
        Column("correction_id", "text", "更正编号", "The correction (prov.correction).", null=True),
    ),
)  # fmt: skip

STATEMENT_BOX = Contract(
    "prov", "statement_box", extracted.STATEMENT_BOX.zh, extracted.STATEMENT_BOX.doc, extracted.STATEMENT_BOX.columns
)

CORRECTION = Contract(
    "prov", "correction", "更正", "One row per correction of raw/corrections. The printed value stays beside it.",
    (
        Column("correction_id", "text", "更正编号", "Name given to the correction.", key=True),
        Column("document_id", "text", "文件编号", "Document it is about; it need not be registered here."),
        Column("figure_id", "text", "数字编号", "Figure it corrects (prov.figure); NULL where it is not applied.",
               null=True),
        Column("state", "text", "状态", "Applied, or its document is not registered here or withdrawn.",
               allowed=v.CORRECTION_STATES),
        Column("printed_text", "text", "印刷文本", "What it expects to be printed."),
        Column("corrected_value", "decimal(24,6)", "更正值", "What it should say, in the printed unit."),
        Column("reason", "text", "理由", "Why, in words."),
        Column("corrected_by", "text", "更正人", "Who says so."),
        Column("corrected_on", "text", "更正日期", "Date, as YYYY-MM-DD.", pattern="[0-9]{4}-[0-9]{2}-[0-9]{2}"),
        Column("file_name", "text", "文件名", "File of raw/corrections it stands in."),
    ),
)  # fmt: skip

CONFLICT = Contract(
    "prov", "conflict", "冲突数字", "One row per figure of a grain on which two documents of one disclosure disagree "
    "and "
    "no order between them is known. No fact is published for such a grain.",
    (
        Column("figure_id", "text", "数字编号", "The figure (prov.figure).", key=True),
        Column("document_id", "text", "文件编号", "The document it is printed in."),
        Column("disclosure_key", "text", "公开编号", "The disclosure both documents claim."),
        Column("department_key", "text", "部门编号", "Department."),
        Column("fiscal_year", "int", "年度", "Year the amount is about."),
        Column("subject_key", "text", "功能科目", "Functional subject, 'none' where not by function."),
        Column("economic_key", "text", "经济科目", "Economic subject, 'none' where not by economic class."),
        Column("measure_id", "text", "指标", "Measure."),
        Column("stage", "text", "阶段", "Stage.", allowed=v.STAGES),
        Column("fund_source", "text", "资金来源", "Fund source.", allowed=v.FUND_SOURCES),
        Column("nature", "text", "支出性质", "Nature.", allowed=v.NATURES),
        Column("scope", "text", "编报范围", "Scope.", allowed=v.SCOPES),
        Column("statement_kind", "text", "陈述类别", "Statement kind.", allowed=v.STATEMENT_KINDS),
        Column("base", "text", "比较基础", "Base of a change or share, '' for a level."),
        Column("breakdown", "text", "细分", "Further axes, '' for none."),
        Column("value", "decimal(24,6)", "数值", "What this document says: 元 for money, the printed unit otherwise.",
               null=True),
    ),
)  # fmt: skip

QUARANTINE = Contract(
    "prov", "quarantine", "隔离行", "One row per row and rule of a contract it broke; such rows are not published.",
    (
        Column("table_name", "text", "表", "Table the row was meant for."),
        Column("rule", "text", "规则", "Rule it broke, as 'column|rule' or 'primary_key'."),
        Column("row_json", "text", "原行", "The row, as JSON."),
        Column("document_id", "text", "文件编号", "Document it comes from, '' where the row names none."),
    ),
)  # fmt: skip

CHECK_RULE = Contract(
    "prov", "check_rule", "核对规则", "One row per check of documents: what it demands, and by which law or form.",
    (
        Column("check_id", "text", "核对编号", "Name of the check, a file of sql/checks.", key=True),
        Column("demands", "text", "要求（英文）", "What must hold, in one line.", pattern=".+"),
        Column("demands_zh", "text", "要求", "The same in Chinese.", pattern=".+"),
        Column("source", "text", "依据", "The law, official form or table note it follows from.", pattern=".+"),
        Column("proves_amounts", "bool", "证明金额", "Whether amounts are proven by it; checks of names and years say "
               "nothing of amounts."),
        Column("description", "text", "说明", "What is compared, and when it is not."),
    ),
)  # fmt: skip

CHECK_RESULT = Contract(
    "prov", "check_result", "核对结果", "One row per identity that was tried: both sides, the tolerance, the verdict.",
    (
        Column("check_id", "text", "核对编号", "Name of the check, a file of sql/checks."),
        Column("document_id", "text", "文件编号", "Document checked, '' for checks of the warehouse.", null=True),
        Column("disclosure_key", "text", "公开编号", "Logical document checked.", null=True),
        Column("subject", "text", "核对对象", "What was checked, in words."),
        Column("lhs", "decimal(24,6)", "左边", "Printed total (元, or a count).", null=True),
        Column("rhs", "decimal(24,6)", "右边", "Sum of the printed parts.", null=True),
        Column("difference", "decimal(24,6)", "差额", "Left minus right.", null=True),
        Column("tolerance", "decimal(24,6)", "容差", "What rounding of the printed terms can explain.", null=True),
        Column("terms", "int", "项数", "Printed terms on the right.", minimum=0),
        Column("verdict", "text", "结论", "Exact, explained by rounding, minor, failed, or why not evaluated.",
               allowed=v.VERDICTS),
        Column("figure_ids", "text", "所涉数字", "Figures of both sides, the total first, joined by spaces."),
        Column("page", "int", "页码", "Page of the printed total; NULL for checks of the warehouse.", null=True),
    ),
)  # fmt: skip
