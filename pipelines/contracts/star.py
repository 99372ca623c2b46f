"""Schema `core`: facts keyed by department, year and subject, and the dimensions."""

from __future__ import annotations

from pipelines.contracts import vocabulary as v
from pipelines.contracts.contract import Column, Contract

_VALID = (
    Column("valid_from_year", "int", "启用年度", "First year, where known.", null=True),
    Column("valid_to_year", "int", "停用年度", "Last year, where known.", null=True),
)

DIM_DEPARTMENT = Contract(
    "core", "dim_department", "部门", "One row per department, curated or provisional, with the units they name.",
    (
        Column("department_key", "text", "部门编号", "Curated key, or one made from region and normalised name.",
               key=True),
        Column("name", "text", "部门名称", "Standard name."),
        Column("region_name", "text", "地区", "Region."),
        Column("region_code", "text", "地区代码", "Administrative code, where known.", null=True),
        Column("level", "text", "级别", "Administrative level, where known.", null=True),
        Column("system", "text", "系统", "Party, congress, government …, where known.", null=True),
        Column("status", "text", "登记状态", "Curated, or provisional until the registry names it.",
               allowed=("curated", "provisional")),
    ),
)  # fmt: skip

DIM_DEPARTMENT_ALIAS = Contract(
    "core", "dim_department_alias", "部门别名", "Names under which a department appears.",
    (
        Column("department_key", "text", "部门编号", "Department (core.dim_department).", key=True),
        Column("alias", "text", "别名", "Name as printed.", key=True),
        Column("alias_kind", "text", "别名类别", "Full, short, signboard, former, typo, printed."),
    ),
)  # fmt: skip

BRIDGE_DEPARTMENT_UNIT = Contract(
    "core", "bridge_department_unit", "部门所属单位", "One row per unit that a department's account is known to cover. "
    "The own office (本级) has the department's key.",
    (
        Column("department_key", "text", "部门编号", "Department (core.dim_department).", key=True),
        Column("fiscal_year", "int", "年度", "Year of the account.", key=True),
        Column("kind", "text", "文件类别", "Budget or final account.", key=True, allowed=v.KINDS),
        Column("unit_key", "text", "单位编号", "The unit (core.dim_department).", key=True),
        Column("unit_name", "text", "单位名称", "Name as printed there, in half-width forms; 本级 where only the own "
               "office is meant."),
        Column("evidence", "text", "依据", "A list of the units, rows of their own in a table of revenue or "
               "expenditure, or a unit's document under the department's name.", allowed=("list", "rows", "document")),
        Column("complete", "bool", "单位齐全", "Whether all units are known: the department lists them, as many as it "
               "says there are, and nothing else names another."),
        Column("budgeted_separately", "bool", "单列预算", "False where the unit is printed as having no account "
               "besides the own office's."),
        Column("document_id", "text", "文件编号", "Document that tells (prov.document)."),
        Column("page", "int", "页码", "Its page, from 1.", minimum=1),
        Column("figure_id", "text", "数字编号", "First figure of the unit's row (prov.figure); NULL for other "
               "evidence.", null=True),
    ),
)  # fmt: skip

DIM_YEAR = Contract(
    "core", "dim_year", "年度", "One row per fiscal year that any figure is about.",
    (
        Column("fiscal_year", "int", "年度", "Fiscal year, the calendar year.", key=True, minimum=1990, maximum=2100),
        Column("label", "text", "年度名称", "Label, such as 2023年度."),
    ),
)  # fmt: skip

DIM_SUBJECT = Contract(
    "core", "dim_subject", "功能分类科目", "Functional subjects; 'none' stands for amounts not by function.",
    (
        Column("subject_key", "text", "功能科目编号", "Key: a code may be reused, so it is not always the code.",
               key=True),
        Column("code", "text", "科目编码", "Printed code, '' for none."),
        Column("name", "text", "科目名称", "Name."),
        Column("level", "int", "级次", "1 类, 2 款, 3 项; 0 for none.", minimum=0, maximum=3),
        Column("parent_code", "text", "上级编码", "Code one level up; NULL at the top.", null=True),
        Column("lei_code", "text", "类编码", "Code of the 类; NULL for none.", null=True),
        *_VALID,
        Column("status", "text", "状态", "How well code and name are attested."),
    ),
)  # fmt: skip

DIM_ECONOMIC = Contract(
    "core", "dim_economic", "经济分类科目", "Economic subjects; 'none' stands for amounts not by economic class.",
    (
        Column("economic_key", "text", "经济科目编号", "Key, unique over both systems.", key=True),
        Column("code", "text", "科目编码", "Printed code, '' for none."),
        Column("name", "text", "科目名称", "Name."),
        Column("level", "int", "级次", "1 类, 2 款; 0 for none.", minimum=0, maximum=2),
        Column("system", "text", "科目体系", "Department or government classification, 'none' for none.",
               allowed=("department_economic", "government_economic", "none")),
        Column("cost_group", "text", "费用组", "Personnel (301, 303), public (302, 310) or other.",
               allowed=("personnel", "public", "other", "none")),
        *_VALID,
    ),
)  # fmt: skip

DIM_MEASURE = Contract(
    "core", "dim_measure", "指标", "The one vocabulary of measures.",
    (
        Column("measure_id", "text", "指标编号", "English name.", key=True),
        Column("name_zh", "text", "指标名称", "Official Chinese term."),
        Column("name_en", "text", "英文名称", "English words."),
        Column("unit_kind", "text", "计量类别", "Money (元 in the warehouse), count, percent or score.",
               allowed=v.UNIT_KINDS),
    ),
)  # fmt: skip

DIM_FUND = Contract(
    "core", "dim_fund", "资金来源", "Fund sources.",
    (
        Column("fund_source", "text", "资金来源编号", "English name.", key=True, allowed=v.FUND_SOURCES),
        Column("name_zh", "text", "资金来源名称", "Official Chinese term."),
        Column("name_en", "text", "英文名称", "English words."),
    ),
)  # fmt: skip

DIM_DOCUMENT = Contract(
    "core", "dim_document", "公开文件", "One row per disclosure: the logical document that one or more files make up.",
    (
        Column("disclosure_key", "text", "公开编号", "Department, year, kind and scope.", key=True),
        Column("department_key", "text", "部门编号", "Department (core.dim_department)."),
        Column("fiscal_year", "int", "年度", "Year of the account."),
        Column("kind", "text", "文件类别", "Budget or final account.", allowed=v.KINDS),
        Column("scope", "text", "编报范围", "Department, unit or own office.", allowed=v.SCOPES),
        Column("files", "int", "文件数", "Files that make it up.", minimum=1),
        Column("conflict", "bool", "存在冲突", "Two files claim it with different figures and no known order."),
        Column("title", "text", "标题", "Printed title, '' where none."),
    ),
)  # fmt: skip

_KEY_HEAD = (
    Column("department_key", "text", "部门编号", "Department (core.dim_department).", key=True),
    Column("fiscal_year", "int", "年度", "Year the figure is about (core.dim_year).", key=True),
    Column("subject_key", "text", "功能科目", "Functional subject (core.dim_subject), 'none' where not by function.",
           key=True),
)  # fmt: skip
_ECONOMIC = Column("economic_key", "text", "经济科目", "Economic subject (core.dim_economic), 'none' where not by "
                   "economic class.", key=True)  # fmt: skip
_KEY_TAIL = (
    Column("measure_id", "text", "指标", "Measure (core.dim_measure).", key=True),
    Column("stage", "text", "阶段", "Budget, execution or final account.", key=True, allowed=v.STAGES),
    Column("fund_source", "text", "资金来源", "Money it is about (core.dim_fund).", key=True, allowed=v.FUND_SOURCES),
    Column("nature", "text", "支出性质", "Basic, project and so on.", key=True, allowed=v.NATURES),
    Column("scope", "text", "编报范围", "Department, unit or own office.", key=True, allowed=v.SCOPES),
)
_KEY_END = (
    Column("base", "text", "比较基础", "What a change or share is of; '' for a level.", key=True),
    Column("breakdown", "text", "细分", "Further axes as 'name=value;…'; '' for none.", key=True),
)
_SOURCE = (
    Column("figure_id", "text", "数字编号", "The printed figure chosen (prov.figure)."),
    Column("disclosure_key", "text", "公开编号", "Disclosure it is printed in (core.dim_document)."),
    Column("source_kind", "text", "来源", "Table cell or running text.", allowed=v.SOURCE_KINDS),
    Column("copies", "int", "印刷次数", "How many printed figures state this grain.", minimum=1),
    Column("copies_agree", "bool", "各处一致", "Whether all of them say the same."),
    Column(
        "correction_id",
        "text",
        "更正编号",
        "Set where the value is a corrected one (prov.correction), and not the printed one.",
        null=True,
    ),
)

FACT_AMOUNT = Contract(
    "core", "fact_amount", "金额事实", "One row per amount of money: department × year × subject × measure and axes.",
    (
        *_KEY_HEAD, _ECONOMIC, *_KEY_TAIL,
        Column("statement_kind", "text", "陈述类别", "The level itself, or the printed change of it.", key=True,
               allowed=v.AMOUNT_KINDS),
        *_KEY_END,
        Column("amount_yuan", "decimal(18,2)", "金额（元）", "Amount in 元: the printed value exactly, "
               "unless correction_id is set."),
        *_SOURCE,
    ),
)  # fmt: skip

FACT_METRIC = Contract(
    "core", "fact_metric", "非金额事实", "One row per count, percentage, share or rate.",
    (
        *_KEY_HEAD, *_KEY_TAIL,
        Column("statement_kind", "text", "陈述类别", "Count, change in percent, share or execution rate.", key=True,
               allowed=v.METRIC_KINDS),
        *_KEY_END,
        Column("value", "decimal(18,6)", "数值", "Value in the printed unit; percent as printed (9.9, not 0.099)."),
        Column("unit", "text", "单位", "Printed unit (%, 人, 辆 …), '' where none."),
        *_SOURCE,
    ),
)  # fmt: skip
