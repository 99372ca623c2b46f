-- In each row of a table, fiscal appropriation is the sum of its three budgets (合计 = 一般公共预算 + 政府性基金预算 +
-- 国有资本经营预算). A budget that is blank in the row counts for nothing where the table's other rows hold so.
-- Demands: fiscal appropriation = sum of its three budgets
-- 要求: 财政拨款 = 三本预算之和
-- Source: 《预算法》第五条: the budgets are kept apart; 财政拨款收入支出决算总表 (财决01-1表, 公开04表): 合计 of their columns
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
    select distinct
        document_id,
        table_no,
        measure_id,
        fund_source
    from amount
    where fund_source <> 'fiscal'
),

pairs as (
    select
        whole,
        part,
        budgets_of_table.fund_source as place,
        prov.cell(whole) as subject,
        part.figure_id is null as blank,
        false as doubtful
    from amount as whole
    inner join budgets_of_table
        on
            whole.document_id = budgets_of_table.document_id
            and whole.table_no = budgets_of_table.table_no
            and whole.measure_id = budgets_of_table.measure_id
    left join amount as part
        on
            whole.document_id = part.document_id
            and whole.table_no = part.table_no
            and whole.row_no = part.row_no
            and whole.row_label = part.row_label
            and whole.measure_id = part.measure_id
            and whole.nature = part.nature
            and whole.stage = part.stage
            and whole.period_year = part.period_year
            and budgets_of_table.fund_source = part.fund_source
    where whole.fund_source = 'fiscal'
)

select * from prov.sums('pairs')
where terms > 0
