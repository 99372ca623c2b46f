-- Total income is revenue, use of non-fiscal surplus and the opening balance; total expenditure is expenditure,
-- distribution of surplus and the closing balance. Within one table and fund. Balances that a table does not print are
-- nothing; a sum that differs is unevaluable where revenue or expenditure is not printed, or a row not understood.
-- Demands: total = amount of the year + balance brought or carried
-- 要求: 总计 = 本年合计 + 结转结余等
-- Source: 收入支出决算总表 (财决01表, 公开01表): 本年收入合计 + 使用非财政拨款结余 + 年初结转和结余 = 总计 = 本年支出合计 + 结余分配 + 年末结转和结余
with rule (total, addend) as (
    values
    ('total_in', 'revenue'),
    ('total_in', 'use_nonfiscal_surplus'),
    ('total_in', 'opening_balance'),
    ('total_out', 'expenditure'),
    ('total_out', 'surplus_distribution'),
    ('total_out', 'closing_balance')
),

-- A measure counts where the table prints it once; parts of a part (by subject, by fund) are not asked for.
amount as (
    select *
    from prov.printed_amount
    where
        source_kind = 'table'
        and code is null
        and statement_kind = 'level'
        and nature = 'total'
        and coalesce(breakdown, '') = ''
        and measure_id in (
            'total_in', 'revenue', 'use_nonfiscal_surplus', 'opening_balance',
            'total_out', 'expenditure', 'surplus_distribution', 'closing_balance'
        )
    qualify count(*) over (partition by document_id, table_no, measure_id, fund_source, stage, period_year) = 1
),

unknown as (
    select distinct
        document_id,
        table_no
    from prov.printed_amount
    where source_kind = 'table' and measure_id is null
),

pairs as (
    select
        whole,
        part,
        rule.addend as place,
        concat_ws(' ', whole.table_title, whole.row_label, '·', whole.fund_source) as subject,
        part.figure_id is null and rule.addend in ('revenue', 'expenditure') as blank,
        unknown.table_no is not null as doubtful
    from amount as whole
    inner join rule on whole.measure_id = rule.total
    left join amount as part
        on
            whole.document_id = part.document_id
            and whole.table_no = part.table_no
            and whole.fund_source = part.fund_source
            and whole.stage = part.stage
            and whole.period_year = part.period_year
            and rule.addend = part.measure_id
    left join unknown
        on whole.document_id = unknown.document_id and whole.table_no = unknown.table_no
)

select * from prov.sums('pairs')
where terms > 0
