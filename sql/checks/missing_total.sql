-- Where parts are printed their total is, and where a total is printed some part of it is: a cell that is blank there
-- is an amount that slipped or was forgotten. Tried for a code that has a row and codes with amounts below it in the
-- column, for a row whose natures have amounts in columns beside that of totals, and for both sides of tables of income
-- and expenditure. What is printed is other checks' to try.
-- Demands: parts have a total, a total has parts
-- 要求: 有分项即有合计，有合计即有分项
-- Source: the printed forms: each has its 合计
with amount as (
    select
        *,
        regexp_extract(breakdown, 'unit=([^;]*)', 1) as of_unit
    from prov.printed_amount
    where source_kind = 'table' and table_id is not null and measure_id is not null and statement_kind = 'level'
),

code as (
    select distinct
        document_id,
        table_no,
        code_system,
        of_unit,
        code
    from amount
    where code is not null and code_system is not null
),

family as (
    select
        child.*,
        max_by(parent.code, length(parent.code)) as parent_code
    from code as child
    inner join code as parent
        on
            child.document_id = parent.document_id
            and child.table_no = parent.table_no
            and child.code_system = parent.code_system
            and child.of_unit = parent.of_unit
            and starts_with(child.code, parent.code)
            and length(child.code) > length(parent.code)
    group by all
),

codes_below as (
    select
        part.document_id,
        part.table_no,
        any_value(part.disclosure_key) as disclosure_key,
        min(part.page) as page,
        concat_ws(' ', any_value(part.table_title), family.parent_code, '·', part.column_path) as subject,
        0 as lhs,
        sum(part.amount_yuan) as rhs,
        sum(part.half_unit_yuan) as tolerance,
        count(*) as terms,
        string_agg(part.figure_id, ' ' order by part.code, part.figure_id) as figure_ids
    from amount as part
    inner join family
        on
            part.document_id = family.document_id
            and part.table_no = family.table_no
            and part.code_system = family.code_system
            and part.of_unit = family.of_unit
            and part.code = family.code
    anti join amount as whole
        on
            part.document_id = whole.document_id
            and part.table_no = whole.table_no
            and part.column_path = whole.column_path
            and part.of_unit = whole.of_unit
            and family.parent_code = whole.code
    group by part.document_id, part.table_no, part.column_path, part.of_unit, part.code_system, family.parent_code
),

natures as (
    select
        document_id,
        table_no,
        any_value(disclosure_key) as disclosure_key,
        any_value(page) as page,
        concat_ws(' ', any_value(table_title), any_value(code), row_label, '· total of its natures') as subject,
        0 as lhs,
        sum(amount_yuan) as rhs,
        sum(half_unit_yuan) as tolerance,
        count(*) as terms,
        string_agg(figure_id, ' ' order by nature, figure_id) as figure_ids
    from (
        select
            *,
            bool_or(nature = 'total')
                over (
                    partition by document_id, table_no, row_no, row_label, fund_source, stage, period_year, breakdown
                ) as has_total,
            bool_or(nature = 'total')
                over (partition by document_id, table_no, fund_source, stage, period_year, breakdown) as has_column,
            count(distinct nature) over (partition by document_id, table_no, column_path) as natures_of_column
        from amount
        where measure_id = 'expenditure'
    ) as expenditure
    where has_column and not has_total and natures_of_column = 1 and not starts_with(nature, 'basic_')
    group by document_id, table_no, row_no, row_label, fund_source, stage, period_year, breakdown
),

side as (
    select
        document_id,
        table_no,
        any_value(disclosure_key) as disclosure_key,
        any_value(table_title) as table_title,
        any_value(page) filter (where measure_id in ('total_in', 'total_out')) as page,
        max(amount_yuan) filter (where measure_id = 'total_in') as income,
        max(amount_yuan) filter (where measure_id = 'total_out') as outgo,
        sum(amount_yuan) filter (where starts_with(measure_id, 'revenue_')) as sources,
        sum(amount_yuan) filter (where measure_id = 'expenditure' and (code is not null or nature <> 'total')) as uses,
        arg_max(figure_id, (amount_yuan, figure_id)) filter (where measure_id = 'total_in') as income_id,
        arg_max(figure_id, (amount_yuan, figure_id)) filter (where measure_id = 'total_out') as outgo_id
    from amount
    where table_id in ('T_TOTAL', 'T_FISCAL_TOTAL')
    group by document_id, table_no
),

sides as (
    select
        document_id,
        table_no,
        disclosure_key,
        page,
        unnest([
            {
                'subject': table_title || ' total income = total expenditure',
                'lhs': coalesce(income, 0), 'rhs': coalesce(outgo, 0), 'blank': income is null or outgo is null
            },
            {
                'subject': table_title || ' total income, no source printed',
                'lhs': income, 'rhs': 0, 'blank': sources is null
            },
            {
                'subject': table_title || ' total expenditure, no use printed',
                'lhs': outgo, 'rhs': 0, 'blank': uses is null
            }
        ]) as tried,
        concat_ws(' ', income_id, outgo_id) as figure_ids
    from side
    where income_id is not null or outgo_id is not null
),

compared as (
    select * exclude (table_no)
    from codes_below
    union all by name
    select * exclude (table_no)
    from natures
    union all by name
    select
        document_id,
        disclosure_key,
        page,
        tried.subject,
        tried.lhs,
        tried.rhs,
        0 as tolerance,
        1 as terms,
        figure_ids
    from sides
    where tried.blank and tried.lhs is not null
),

tried as (
    select
        *,
        false as doubtful
    from compared
    where lhs <> rhs
)

select * from prov.judged('tried')
