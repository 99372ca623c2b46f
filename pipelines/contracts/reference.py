"""Schema `ref`: curated lists loaded from raw/reference."""

from __future__ import annotations

from pipelines.contracts import vocabulary as v
from pipelines.contracts.contract import Column, Contract

SUBJECT_CODE = Contract(
    "ref", "subject_code", "科目编码表", "Code lists of functional and economic subjects. One code can have had "
    "several "
    "names, and one name several codes, over the years.",
    (
        Column("code_system", "text", "科目体系", "Which list.", key=True, allowed=v.CODE_SYSTEMS),
        Column("code", "text", "编码", "Digits, joined 类款项.", key=True, pattern="[0-9]{3,9}"),
        Column("name", "text", "名称", "Official name.", key=True),
        Column("level", "int", "级次", "1 类, 2 款, 3 项.", minimum=1, maximum=4),
        Column("valid_from_year", "int", "启用年度", "First year the code had this name, where known.", null=True),
        Column("valid_to_year", "int", "停用年度", "Last year, where known.", null=True),
        Column("status", "text", "状态", "How well the pair is attested."),
        Column("note", "text", "说明", "Note, '' for none."),
    ),
)  # fmt: skip

DEPARTMENT = Contract(
    "ref", "department", "部门登记", "The curated registry: departments whose key does not follow from the name alone.",
    (
        Column("department_key", "text", "部门编号", "Curated key.", key=True),
        Column("name", "text", "规范名称", "Standard name."),
        Column("region_name", "text", "地区", "Region."),
        Column("region_code", "text", "地区代码", "Administrative code.", null=True),
        Column("level", "text", "级别", "Administrative level.", null=True),
        Column("system", "text", "系统", "Party, congress, government …", null=True),
    ),
)  # fmt: skip

DEPARTMENT_ALIAS = Contract(
    "ref", "department_alias", "部门别名", "Printed variants of a department's name, within its region.",
    (
        Column("department_key", "text", "部门编号", "Curated key (ref.department).", key=True),
        Column("alias", "text", "别名", "Name as printed.", key=True),
        Column("alias_kind", "text", "别名类别", "Full, short, signboard, former, typo."),
    ),
)  # fmt: skip

DEFINITION_VERSION = Contract(
    "ref", "definition_version", "口径版本", "Which definition of a measure documents of a region and time follow. The "
    "row that names most wins: a department before a region before a rule for everyone.",
    (
        Column("measure_id", "text", "指标", "Measure (core.dim_measure).", key=True),
        Column("region_name", "text", "地区", "Region it holds for, '' for all.", key=True),
        Column("department_name", "text", "部门", "Department it holds for, '' for all.", key=True),
        Column("kind", "text", "文件类别", "Budget or final account, '' for both.", key=True, allowed=(*v.KINDS, "")),
        Column("from_year", "int", "起始年度", "First fiscal year.", key=True),
        Column("to_year", "int", "截止年度", "Last fiscal year; NULL while it holds.", null=True),
        Column("definition_version", "text", "口径版本", "Name of the definition, such as ARC-A."),
        Column("source_words", "text", "依据", "The words of the documents that say so."),
    ),
)  # fmt: skip

APPROVAL = Contract(
    "ref", "approval", "批复日期", "When a finance office approved (批复) the accounts of its departments, where "
    "someone found out. The row that names the department wins over that of its region.",
    (
        Column("region_name", "text", "地区", "Region (core.dim_department).", key=True),
        Column("department_name", "text", "部门", "Department it holds for, '' for all of the region.", key=True),
        Column("fiscal_year", "int", "年度", "Year of the account.", key=True),
        Column("kind", "text", "文件类别", "Budget or final account.", key=True, allowed=v.KINDS),
        Column("approved_on", "text", "批复日期", "Day, as YYYY-MM-DD.", pattern="[0-9]{4}-[0-9]{2}-[0-9]{2}"),
        Column("source_words", "text", "依据", "Where that is said."),
    ),
)  # fmt: skip
