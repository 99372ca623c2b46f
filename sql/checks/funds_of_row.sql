-- In each row of a table, fiscal appropriation is the sum of its three budgets (合计 = 一般公共预算 + 政府性基金预算 +
-- 国有资本经营预算). A budget that is blank in the row counts for nothing where the table's other rows hold so.
-- Law: I08
with amount as (
    select *
    from prov.printed_amount
    where
        source_kind = 'table'
        and measure_id is not null
        and statement_kind = 'level'
        and fund_source in ('fiscal', 'gpb', 'gov_fund', 'soc')
    qualify
        count(*) over (
            partition by document_id, table_no, row_no, row_label, measure_id, nature, stage, period_year, fund_source
        ) = 1
),

budgets_of_table as (
    select
        document_id,
        table_no,
        measure_id,
        count(distinct fund_source) as budgets
    from amount
    where fund_source <> 'fiscal'
    group by all
),

compared as (
    select
        whole.figure_id,
        any_value(whole.document_id) as document_id,
        any_value(whole.table_no) as table_no,
        any_value(whole.disclosure_key) as disclosure_key,
        any_value(whole.page) as page,
        any_value(whole.amount_yuan) as lhs,
        any_value(concat_ws(' ', whole.table_title, whole.code, whole.row_label, '·', whole.column_path)) as subject,
        sum(part.amount_yuan) as rhs,
        any_value(whole.half_unit_yuan) + sum(part.half_unit_yuan) as tolerance,
        count(*) as terms,
        count(*) < any_value(budgets_of_table.budgets) as some_blank,
        string_agg(part.figure_id, ' ' order by part.fund_source) as parts
    from amount as whole
    inner join amount as part
        on
            whole.document_id = part.document_id
            and whole.table_no = part.table_no
            and whole.row_no = part.row_no
            and whole.row_label = part.row_label
            and whole.measure_id = part.measure_id
            and whole.nature = part.nature
            and whole.stage = part.stage
            and whole.period_year = part.period_year
    inner join budgets_of_table
        on
            whole.document_id = budgets_of_table.document_id
            and whole.table_no = budgets_of_table.table_no
            and whole.measure_id = budgets_of_table.measure_id
    where whole.fund_source = 'fiscal' and part.fund_source <> 'fiscal'
    group by whole.figure_id
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
        when lhs = rhs then 'exact'
        when abs(lhs - rhs) <= tolerance then 'rounding'
        when some_blank and not blank_is_nothing then 'unevaluable'
        when abs(lhs - rhs) <= greatest(3 * tolerance, 500) then 'minor'
        else 'fail'
    end as verdict,
    figure_id || ' ' || parts as figure_ids,
    page
from judged
