-- In each row of a table, expenditure is the sum of its natures (合计 = 基本支出 + 项目支出 + …), and basic
-- expenditure the sum of its personnel and public parts, which stand for it where it has no column. A nature that is
-- blank in the row, or an amount of unknown meaning in it, makes a sum that differs unevaluable.
-- Demands: expenditure = sum of its natures
-- 要求: 支出合计 = 基本支出、项目支出等之和
-- Source: 支出决算表 (财决04表, 公开03表): 本年支出合计 = 基本支出 + 项目支出 + 上缴上级支出 + 经营支出 + 对附属单位补助支出
with rule (total, addend) as (
    values
    ('total', 'basic'),
    ('total', 'basic_personnel'),
    ('total', 'basic_public'),
    ('total', 'project'),
    ('total', 'reserve'),
    ('total', 'operating'),
    ('total', 'to_superior'),
    ('total', 'to_affiliated'),
    ('basic', 'basic_personnel'),
    ('basic', 'basic_public')
),

amount as (
    select *
    from prov.printed_amount
    where source_kind = 'table' and measure_id = 'expenditure' and statement_kind = 'level'
),

-- One whole in a row: where a row prints it twice, in two panels, its parts cannot be told apart.
whole as (
    select *
    from amount
    qualify
        count(*) over (
            partition by document_id, table_no, row_no, row_label, stage, fund_source, period_year, breakdown, nature
        ) = 1
),

columns_of_table as (
    select distinct
        document_id,
        table_no,
        stage,
        fund_source,
        nature,
        bool_or(nature = 'basic') over (partition by document_id, table_no, stage, fund_source) as has_basic
    from amount
),

unknown as (
    select distinct
        document_id,
        table_no,
        row_no,
        row_label
    from prov.printed_amount
    where source_kind = 'table' and measure_id is null
),

pairs as (
    select
        whole,
        part,
        part.column_path as place,
        prov.cell(whole) as subject,
        part.figure_id is null as blank,
        unknown.row_no is not null as doubtful
    from whole
    inner join rule on whole.nature = rule.total
    inner join columns_of_table as printed
        on
            whole.document_id = printed.document_id
            and whole.table_no = printed.table_no
            and whole.stage = printed.stage
            and whole.fund_source = printed.fund_source
            and rule.addend = printed.nature
            and not (rule.total = 'total' and starts_with(rule.addend, 'basic_') and printed.has_basic)
    left join amount as part
        on
            whole.document_id = part.document_id
            and whole.table_no = part.table_no
            and whole.row_no = part.row_no
            and whole.row_label = part.row_label
            and whole.stage = part.stage
            and whole.fund_source = part.fund_source
            and whole.period_year = part.period_year
            and whole.breakdown is not distinct from part.breakdown
            and rule.addend = part.nature
    left join unknown
        on
            whole.document_id = unknown.document_id
            and whole.table_no = unknown.table_no
            and whole.row_no = unknown.row_no
            and whole.row_label = unknown.row_label
)

select * from prov.sums('pairs')
where terms > 0
