"""Schema `mart`: who has published what, and when."""

from __future__ import annotations

from pipelines.contracts import vocabulary as v
from pipelines.contracts.contract import Column, Contract

_DATED = (
    "select published_on, source_url, file_name, document_id, 1 as page from prov.document "
    "where published_on is not null and fiscal_year = $fiscal_year and kind = $kind and outcome <> 'withdrawn' "
    "and department_key in "
    "(select department_key from core.dim_department where region_name = $region_name) "
    "order by department_key <> $department_key, published_on, document_id"
)
_ON_THE_WEB = "A day of publication stands on the web page, not in the file."

COVERAGE = Contract(
    "mart", "coverage", "公开情况", "One row per department, year and kind of account that is expected: published or "
    "not, and when. Expected are, of every department of which anything is known, the budget and the final account of "
    "each year from the first to the last in which any department of its region has one.",
    (
        Column("department_key", "text", "部门编号", "Department (core.dim_department).", key=True),
        Column("department_name", "text", "部门名称", "Standard name."),
        Column("region_name", "text", "地区", "Region."),
        Column("fiscal_year", "int", "年度", "Year of the account.", key=True),
        Column("kind", "text", "文件类别", "Budget (预算) or final account (决算).", key=True, allowed=v.KINDS),
        Column("state", "text", "公开状态", "published: its figures are read; unread: a file is there and could not be "
               "read; missing: no file is in the archive, which need not mean that none was published.",
               allowed=("published", "unread", "missing")),
        Column("documents", "int", "文件数", "Files in the archive, replaced and withdrawn ones left out.",
               minimum=0, behind="select file_name, document_id, 1 as page from prov.document where department_key = "
               "$department_key and fiscal_year = $fiscal_year and kind = $kind and outcome <> 'withdrawn' "
               "and document_id not in (select supersedes from prov.document where supersedes is not null) "
               "order by document_id"),
        Column("published_on", "text", "发布日期", "First day that a page states, as YYYY-MM-DD.", null=True,
               behind=_DATED, unprinted=_ON_THE_WEB),
        Column("days_after_first", "int", "晚于首家天数", "Days after the first department of its region published the "
               "same kind for the same year. The day of approval is printed nowhere, so the 20 days allowed after it "
               "cannot be counted.", null=True, minimum=0, behind=_DATED, unprinted=_ON_THE_WEB),
        Column("peers_dated", "int", "有发布日期的部门数", "Departments of the region with a known day.", minimum=0,
               behind=_DATED, unprinted=_ON_THE_WEB),
        Column("source_url", "text", "来源地址", "Where the first of its files was fetched.", null=True),
    ),
)  # fmt: skip

REVISION_CHANGE = Contract(
    "mart", "revision_change", "修订变化", "One row per printed figure that differs between a file and the one it "
    "replaced at its address, matched by table, labels and order of print, or by meaning in running text.",
    (
        Column("document_id", "text", "文件编号", "The file (prov.document).", key=True),
        Column("place", "text", "位置", "Table, row and column; in running text measure, year and subject.",
               key=True),
        Column("copy", "int", "同位置序号", "1 for the first figure printed at that place.", key=True, minimum=1),
        Column("supersedes", "text", "取代文件", "The file it replaced."),
        Column("disclosure_key", "text", "公开编号", "Logical document it belongs to.", null=True),
        Column("change", "text", "变化", "changed, added or removed.", allowed=("changed", "added", "removed")),
        Column("old_text", "text", "原数", "As printed before.", null=True, printed_as=("old_figure_id",)),
        Column("new_text", "text", "新数", "As printed now.", null=True, printed_as=("new_figure_id",)),
        Column("old_figure_id", "text", "原数字编号", "Printed figure before (prov.figure).", null=True),
        Column("new_figure_id", "text", "新数字编号", "Printed figure now (prov.figure).", null=True),
    ),
)  # fmt: skip
