-- Rows of one unit each add up to the row of the whole department, for every amount column of a table that has both. A
-- unit that is blank in the column counts for nothing where the table's other columns hold so; a table in which a unit
-- has several rows of one meaning cannot be added up.
-- Demands: department in the table = sum of its units there
-- 要求: 部门合计 = 表中各单位之和
-- Source: 《预算法》第八条: a department's budget consists of its own and those of its units
with amount as (
    select
        *,
        regexp_extract(breakdown, '(?:^|;)unit=([^;]*)', 1) as unit,
        -- What row and column are about, but for the unit.
        concat_ws(
            ' ', document_id, table_no, column_path, measure_id, fund_source, nature, code, stage, period_year,
            trim(regexp_replace(breakdown, '(^|;)unit=[^;]*', ''), ';')
        ) as grain
    from prov.printed_amount
    where source_kind = 'table' and measure_id is not null and statement_kind = 'level'
),

part as (
    select
        grain,
        any_value(document_id) as document_id,
        any_value(table_no) as table_no,
        sum(amount_yuan) as rhs,
        sum(half_unit_yuan) as half_units,
        count(*) as terms,
        count(distinct unit) as units,
        string_agg(figure_id, ' ' order by page, row_no, figure_id) as parts
    from amount
    where unit <> ''
    group by grain
),

compared as (
    select
        whole.figure_id,
        whole.document_id,
        whole.table_no,
        whole.disclosure_key,
        whole.page,
        whole.amount_yuan as lhs,
        part.rhs,
        whole.half_unit_yuan + part.half_units as tolerance,
        part.terms,
        part.parts,
        part.terms > part.units as repeated,
        part.units < max(part.units) over (partition by part.document_id, part.table_no) as some_blank,
        concat_ws(' ', whole.table_title, whole.row_label, '·', whole.column_path, '=', part.units, 'units') as subject
    from amount as whole
    inner join part on whole.grain = part.grain
    where whole.unit = ''
),

judged as (
    select
        *,
        count_if(some_blank and abs(lhs - rhs) <= tolerance) over (partition by document_id, table_no)
        > 3 * count_if(some_blank and abs(lhs - rhs) > tolerance) over (partition by document_id, table_no)
            as blank_is_nothing
    from compared
)

select
    document_id,
    disclosure_key,
    subject,
    lhs,
    rhs,
    lhs - rhs as difference,
    tolerance,
    terms,
    case
        when repeated and lhs <> rhs then 'unevaluable'
        else prov.verdict(lhs, rhs, tolerance, doubtful := some_blank and not blank_is_nothing)
    end as verdict,
    figure_id || ' ' || parts as figure_ids,
    page
from judged
