-- Both sides of a table balance: total income equals total expenditure (收入总计 = 支出总计).
-- Demands: total income = total expenditure
-- 要求: 收入总计 = 支出总计
-- Source: 《预算法》第十二条: 收支平衡; 收入支出总表
with total as (
    select *
    from prov.printed_amount
    where
        source_kind = 'table'
        and code is null
        and statement_kind = 'level'
        and measure_id in ('total_in', 'total_out')
    qualify
        count(*) over (partition by document_id, table_no, measure_id, fund_source, stage, period_year, breakdown) = 1
),

compared as (
    select
        income.document_id,
        income.disclosure_key,
        concat_ws(' ', income.table_title, income.row_label, '=', outgo.row_label, '·', income.fund_source) as subject,
        income.amount_yuan as lhs,
        outgo.amount_yuan as rhs,
        income.half_unit_yuan + outgo.half_unit_yuan as tolerance,
        1 as terms,
        false as doubtful,
        income.figure_id || ' ' || outgo.figure_id as figure_ids,
        income.page
    from total as income
    inner join total as outgo
        on
            income.document_id = outgo.document_id
            and income.table_no = outgo.table_no
            and income.fund_source = outgo.fund_source
            and income.stage = outgo.stage
            and income.period_year = outgo.period_year
            and income.breakdown is not distinct from outgo.breakdown
    where income.measure_id = 'total_in' and outgo.measure_id = 'total_out'
)

select * from prov.judged('compared')
