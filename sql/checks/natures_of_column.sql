-- Where the natures of expenditure stand one below the other, they make its total (支出合计 = 基本支出 + 项目支出 + …), and
-- personnel and public parts make basic expenditure. The total is that of expenditure, or of the whole table where
-- nothing else is printed on this side. Within one column of a table and one fund.
-- Demands: expenditure = sum of its natures in the column
-- 要求: 支出合计 = 该栏各支出性质之和
-- Source: 支出决算表 (财决04表, 公开03表), the same one below the other
with amount as (
    select *
    from prov.printed_amount
    where
        source_kind = 'table'
        and code is null
        and statement_kind = 'level'
        and coalesce(breakdown, '') = ''
        and measure_id in ('expenditure', 'total_out', 'closing_balance', 'surplus_distribution')
),

-- One row for each nature: a column that prints one twice lists something else too, and so does one without basic
-- expenditure.
part as (
    select
        *,
        bool_or(nature = 'basic')
            over (partition by document_id, table_no, column_path, fund_source, stage, period_year) as has_basic
    from amount
    where measure_id = 'expenditure' and nature <> 'total'
    qualify
        count(*) over (
            partition by document_id, table_no, column_path, fund_source, stage, period_year, nature
        ) = 1
),

-- What the natures of a column add up to, where it has more than one of them.
addend as (
    select
        *,
        'total' as sum_of
    from part
    where has_basic and not starts_with(nature, 'basic_')
    union all
    select
        *,
        'basic' as sum_of
    from part
    where has_basic and starts_with(nature, 'basic_')
),

whole as (
    select
        *,
        bool_or(measure_id <> 'total_out' and nature = 'total')
            over (partition by document_id, table_no, column_path, fund_source, stage, period_year) as others
    from amount
    where nature in ('total', 'basic')
    qualify measure_id = 'expenditure' or (measure_id = 'total_out' and not others)
),

pairs as (
    select
        whole,
        part,
        part.nature as place,
        prov.cell(whole) as subject,
        false as blank,
        false as doubtful
    from whole
    inner join addend as part
        on
            whole.document_id = part.document_id
            and whole.table_no = part.table_no
            and whole.column_path = part.column_path
            and whole.fund_source = part.fund_source
            and whole.stage = part.stage
            and whole.period_year = part.period_year
            and whole.nature = part.sum_of
)

select * from prov.sums('pairs')
where terms > 1
