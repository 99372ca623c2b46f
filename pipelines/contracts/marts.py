"""Schema `mart`: tables for comparing departments. Each is computed by the file of sql/marts with its name."""

from __future__ import annotations

from dataclasses import replace

from pipelines.contracts import vocabulary as v
from pipelines.contracts.contract import Column, Contract
from pipelines.contracts.extracted import DOCUMENT

COST_MEASURES = ("agency_running_cost", "basic_public", "basic", "basic_personnel")
THREE_PUBLIC = (
    "three_public", "three_public_abroad", "three_public_vehicle", "three_public_vehicle_purchase",
    "three_public_vehicle_operation", "three_public_reception", "three_public_ex_purchase",
)  # fmt: skip

_DEPARTMENT = (
    Column("department_key", "text", "部门编号", "Department (core.dim_department).", key=True),
    Column("department_name", "text", "部门名称", "Standard name."),
    Column("region_name", "text", "地区", "Region."),
    Column("fiscal_year", "int", "年度", "Year the amount is about.", key=True),
    Column("stage", "text", "阶段", "Budget, execution or final account; never mixed.", key=True, allowed=v.STAGES),
    Column("scope", "text", "编报范围", "Department, unit or own office; never mixed.", key=True, allowed=v.SCOPES),
)


_HEADCOUNT = ("headcount_figure_ids",)


def _persons(name: str, zh: str, doc: str, printed_as: tuple[str, ...] = _HEADCOUNT) -> Column:
    return Column(name, "int", zh, doc, null=True, minimum=0, printed_as=printed_as)


ADMIN_COST_PER_CAPITA = Contract(
    "mart", "admin_cost_per_capita", "人均行政成本",
    "One row per department, year, stage, scope and cost measure: the cost, the staff it is divided by, and on what "
    "basis. Compare only rows of one stage, basis and definition version.",
    (
        *_DEPARTMENT,
        Column("cost_measure", "text", "成本指标", "Agency running cost, or basic expenditure as a whole or its public "
               "or personnel part.", key=True, allowed=COST_MEASURES),
        Column("fund_source", "text", "资金来源", "Money of the numerator: general public budget before fiscal before "
               "all; NULL without numerator.", null=True, allowed=v.FUND_SOURCES),
        Column("numerator_yuan", "decimal(18,2)", "成本（元）", "The cost; NULL where none is disclosed.", null=True,
               printed_as=("numerator_figure_id",)),
        _persons("denominator_persons", "人数", "Staff it is divided by; NULL where none are disclosed.",
                 ("denominator_figure_ids",)),
        Column("denominator_basis", "text", "人数口径", "Staff in post of the kinds the cost covers, all staff in "
               "post, or "
               "authorised posts, in this order of preference.", null=True,
               allowed=("actual_funded", "actual_total", "establishment")),
        Column("per_capita_yuan", "decimal(18,2)", "人均（元）", "Numerator divided by denominator.", null=True,
               formula="numerator_yuan / denominator_persons"),
        Column("per_capita_min_yuan", "decimal(18,2)", "人均最小值（元）", "Smallest result over all headcounts "
               "shown here.",
               null=True, printed_as=("numerator_figure_id", *_HEADCOUNT)),
        Column("per_capita_max_yuan", "decimal(18,2)", "人均最大值（元）", "Largest result over all headcounts shown "
               "here.",
               null=True, printed_as=("numerator_figure_id", *_HEADCOUNT)),
        Column("null_reason", "text", "空值原因", "Why there is no result.", null=True,
               allowed=("no_numerator", "headcount_not_disclosed", "headcount_of_some_units_only", "zero_denominator")),
        Column("definition_version", "text", "口径版本", "Definition the numerator follows (ref.definition_version), "
               "'unstated' where nothing says."),
        _persons("actual_funded_persons", "在职人数（行政、参公、工勤）", "Civil service, managed alike, and support "
                 "staff in "
                 "post at year end."),
        _persons("actual_total_persons", "在职人数（全部）", "All staff in post at year end."),
        _persons("seconded_persons", "其中派驻人员", "Seconded discipline inspectors counted in the staff in post."),
        _persons("establishment_funded_posts", "编制数（行政、参公、工勤）", "Authorised posts of the same kinds."),
        _persons("establishment_posts", "编制数（全部）", "All authorised posts."),
        Column("numerator_figure_id", "text", "成本数字编号", "Printed figure of the cost (prov.figure).", null=True),
        Column("denominator_figure_ids", "text", "人数数字编号", "Printed figures of the headcount, joined by spaces.",
               null=True),
        Column("headcount_figure_ids", "text", "各人数数字编号", "Printed figures of all headcounts shown here, joined "
               "by spaces.", null=True),
        Column("numerator_disclosure_key", "text", "公开编号", "Disclosure of the cost.", null=True),
    ),
)  # fmt: skip

THREE_PUBLIC_TREND = Contract(
    "mart", "three_public_trend", "三公经费趋势",
    "One row per department, year, stage, scope and measure: the amount, the year before in the same series, and the "
    "change as computed and as the document states it. Budget and final account are series of their own.",
    (
        *_DEPARTMENT,
        Column("measure_id", "text", "指标", "Three public expenses, a part, or the total without vehicle purchase.",
               key=True, allowed=THREE_PUBLIC),
        Column("fund_source", "text", "资金来源", "Money it is about. Where several are printed: general public "
               "budget, "
               "then fiscal appropriation, then all.", allowed=v.FUND_SOURCES),
        Column("amount_yuan", "decimal(18,2)", "金额（元）", "The amount; for the derived measure the printed "
               "total less the printed purchase.", printed_as=("figure_id", "purchase_figure_id")),
        Column("prior_amount_yuan", "decimal(18,2)", "上年金额（元）", "Amount of the year before in the same "
               "series: same "
               "stage, scope and fund.", null=True,
               printed_as=("prior_figure_id", "prior_purchase_figure_id")),
        Column("computed_delta_yuan", "decimal(18,2)", "增减额（计算，元）", "Amount minus the year before.",
               null=True, formula="amount_yuan - prior_amount_yuan"),
        Column("computed_pct", "decimal(18,4)", "增减幅（计算，%）", "Change in percent; NULL with a reason.",
               null=True, formula="100 * (amount_yuan - prior_amount_yuan) / prior_amount_yuan"),
        Column("null_reason", "text", "空值原因", "Why no percent was computed.", null=True,
               allowed=("no_prior_year", "zero_base")),
        Column("reported_delta_yuan", "decimal(18,2)", "增减额（文件所载，元）", "Change the document states.",
               null=True, printed_as=("reported_delta_figure_id",)),
        Column("reported_pct", "decimal(18,6)", "增减幅（文件所载，%）", "Change in percent the document states.",
               null=True, printed_as=("reported_pct_figure_id",)),
        Column("reported_base", "text", "文件所载比较基础", "What the stated change is of.", null=True),
        Column("implied_prior_yuan", "decimal(18,2)", "推算上年金额（元）", "Amount minus the stated change.",
               null=True, formula="amount_yuan - reported_delta_yuan"),
        Column("tolerance_yuan", "decimal(18,2)", "容差（元）", "What rounding of the printed figures can explain.",
               null=True, printed_as=("figure_id", "prior_figure_id", "reported_delta_figure_id")),
        Column("change_status", "text", "增减额核对", "Stated against computed change.",
               allowed=("agree", "disagree", "not_reported", "no_prior_year")),
        Column("pct_status", "text", "增减幅核对", "Stated percent against the stated change of amount, or else "
               "against the "
               "series.", allowed=("agree", "disagree", "not_reported", "not_comparable")),
        Column("total_yuan", "decimal(18,2)", "三公经费合计（元）", "Three public expenses of the same series.",
               null=True, printed_as=("total_figure_id",)),
        Column("share_of_total_pct", "decimal(18,4)", "占三公经费比重（%）", "Share of three public expenses.",
               null=True, formula="100 * amount_yuan / total_yuan"),
        Column("source_kind", "text", "来源", "Table cell or running text.", allowed=v.SOURCE_KINDS),
        Column("figure_id", "text", "数字编号", "Printed figure (prov.figure); of the total, for the derived measure."),
        Column("purchase_figure_id", "text", "购置费数字编号", "Printed vehicle purchase taken off the total, for the "
               "derived measure; NULL otherwise.", null=True),
        Column("prior_figure_id", "text", "上年数字编号", "Printed figure of the year before.", null=True),
        Column("prior_purchase_figure_id", "text", "上年购置费数字编号", "Printed vehicle purchase taken off the year "
               "before, for the derived measure.", null=True),
        Column("reported_delta_figure_id", "text", "增减额数字编号", "Printed figure of the stated change.", null=True),
        Column("reported_pct_figure_id", "text", "增减幅数字编号", "Printed figure of the stated percent.", null=True),
        Column("total_figure_id", "text", "合计数字编号", "Printed figure of the three public expenses.", null=True),
        Column("disclosure_key", "text", "公开编号", "Disclosure it is printed in."),
        Column("prior_disclosure_key", "text", "上年公开编号", "Disclosure the year before is printed in: that "
               "year's own, or "
               "a later one that repeats it.", null=True),
    ),
)  # fmt: skip

_SHOWN = (
    "file_name", "link_title", "title", "fiscal_year", "kind", "scope", "part", "status", "page_count",
    "figures", "tables_recognised", "tables_unrecognised", "pages_image_only", "unconserved_tables", "fallback_pages",
)  # fmt: skip
_OF_DOCUMENT = {column.name: column for column in DOCUMENT.columns}

_IN_DOCUMENT = "from prov.figure where document_id = $document_id"
_TABLES = (
    "select one.table_title, one.table_id, one.document_id, one.first_page as page, "
    "(select arg_min(figure_id, (row_no, x0)) from prov.figure as figure where figure.document_id = one.document_id "
    "and figure.table_no = one.table_no) as figure_id "
    "from prov.document_table as one where one.document_id = $document_id and {} order by one.table_no"
)
_BEHIND = {
    "fiscal_year": "select $document_id as document_id, 1 as page",
    "page_count": "select $document_id as document_id, unnest(range(1, $page_count + 1)) as page",
    "figures": f"select figure_id {_IN_DOCUMENT} and value_state <> 'word' order by page, y1 desc, x0",
    "tables_recognised": _TABLES.format("one.table_id is not null"),
    "tables_unrecognised": _TABLES.format("one.table_id is null"),
    "unconserved_tables": _TABLES.format("not one.conserved"),
}
_UNPRINTED = {
    "pages_image_only": "A page without text has no figure that could be read.",
    "fallback_pages": "Pages are counted as they are read; which engine drew a table is in prov.document_table.",
}


def _of_document(name: str) -> Column:
    return replace(_OF_DOCUMENT[name], behind=_BEHIND.get(name), unprinted=_UNPRINTED.get(name))


DOCUMENT_OUTCOME = Contract(
    "mart", "document_outcome", "文件处理结果", "One row per registered file: what was read, what was not, and why.",
    (
        Column("document_id", "text", "文件编号", "SHA-256 of the file (prov.document).", key=True),
        *map(_of_document, _SHOWN),
        Column("partition", "text", "分区", "Portal and listing year it was registered under."),
        Column("department_name", "text", "部门名称", "Department, as curated, else as the file names it.", null=True),
        Column("region_name", "text", "地区", "Region, as curated, else as the file names it.", null=True),
        Column("disclosure_key", "text", "公开编号", "Logical document it belongs to.", null=True),
        Column("outcome", "text", "处理结果", "What the warehouse made of the file.", allowed=v.OUTCOMES),
        Column("reason", "text", "原因", "Why, in words for a person; '' when all is well."),
        Column("unrecognised_tables", "text", "未识别的表", "Tables not recognised: title, page and the nearest "
               "canonical tables; '' for none."),
        Column("tables_unruled", "int", "无框线表数", "Tables without rulings, whose cells were told from aligned "
               "words.", minimum=0, behind="select table_no, table_title, document_id, first_page as page "
               "from prov.document_table where document_id = $document_id and contains(engine, 'alignment') "
               "order by table_no"),
        Column("figures_with_measure", "int", "已识别含义的数字", "Figures whose measure is known.", minimum=0,
               behind=f"select figure_id {_IN_DOCUMENT} and measure_id is not null and value_state <> 'word' "
               "order by page, y1 desc, x0"),
        Column("facts", "int", "采用为事实的数字", "Figures chosen for a fact.", minimum=0,
               behind="select figure_id from prov.figure inner join (select figure_id from core.fact_amount union all "
               "select figure_id from core.fact_metric) using (figure_id) where document_id = $document_id "
               "order by page, y1 desc, x0"),
        Column("conflicts", "int", "冲突数字", "Figures in conflict with another file.", minimum=0,
               behind="select measure_id, fiscal_year, stage, figure_id from prov.conflict "
               "where document_id = $document_id order by figure_id"),
        Column("blocked", "int", "暂停发布的数字", "Figures that make no fact, as two readings differ "
               "(prov.blocked_figure).", minimum=0,
               behind="select reason, figure_id from prov.blocked_figure where document_id = $document_id "
               "order by figure_id"),
        Column("quarantined", "int", "隔离行数", "Rules broken by rows of this file.", minimum=0,
               behind="select table_name, rule, row_json, document_id, 1 as page from prov.quarantine "
               "where document_id = $document_id order by all", unprinted="Such rows are not published."),
    ),
)  # fmt: skip
