-- A whole is the sum of the parts that the same table row or text states: procurement of its kinds, vehicles of their
-- uses, delegations, projects of their types. All parts of an amount must be stated; counts of vehicles by use are
-- complete where they reach the whole.
-- Demands: whole = sum of its parts
-- 要求: 总数 = 各部分之和
-- Source: 《政府采购法》第二条: procurement is 货物, 工程 or 服务; for vehicles, groups and projects the words 其中
with rule (whole, part) as (
    values
    ('procurement', 'procurement_goods'),
    ('procurement', 'procurement_works'),
    ('procurement', 'procurement_services')
),

value as (
    select
        *,
        coalesce(breakdown, '') as part_name,
        concat_ws(' ', document_id, source_kind, table_no, row_no, stage, period_year) as place
    from prov.printed_value
    where
        code is null
        and statement_kind in ('level', 'count')
        and measure_id is not null
        and coalesce(nature, 'total') = 'total'
        and (source_kind = 'text' or coalesce(table_id, '') not in ('T_PROC', 'T_PROJECT', 'T_PERFORMANCE'))
    -- Text may say one thing twice: the first place counts.
    qualify
        row_number() over (
            partition by place, measure_id, fund_source, coalesce(breakdown, '') order by page, figure_id
        ) = 1
),

named as (
    select
        whole.figure_id,
        part.figure_id as part_id,
        part.measure_id as part_name,
        part.number as part_number,
        part.half_unit as part_half
    from value as whole
    inner join rule on whole.measure_id = rule.whole
    left join value as part
        on
            whole.place = part.place
            and rule.part = part.measure_id
            and whole.fund_source is not distinct from part.fund_source
            and part.part_name = ''
    where whole.part_name = ''
),

-- Vehicles by use: the sentence or section names the whole and each use.
used as (
    select
        whole.figure_id,
        part.figure_id as part_id,
        part.part_name,
        part.number as part_number,
        part.half_unit as part_half
    from value as whole
    inner join value as part
        on
            whole.place = part.place
            and whole.measure_id = part.measure_id
            and regexp_full_match(part.part_name, '(use|body)=[^;]*')
    where
        whole.part_name = ''
        and whole.measure_id in (
            'asset_vehicle_count', 'asset_vehicle_planned_count', 'vehicle_stock_count', 'vehicle_purchased_count'
        )
),

-- Projects under self-evaluation are recurring ones and those of one period.
typed as (
    select
        whole.figure_id,
        part.figure_id as part_id,
        part.part_name,
        part.number as part_number,
        part.half_unit as part_half
    from value as whole
    inner join value as part
        on
            whole.place = part.place
            and whole.measure_id = part.measure_id
            and regexp_full_match(part.part_name, 'type=(常年项目|阶段.*项目)')
    where
        whole.measure_id in ('performance_project_count', 'performance_project_amount')
        and whole.part_name = 'step=绩效自评'
),

parts as (
    select * from named
    union all
    select * from used
    union all
    select * from typed
),

compared as (
    select
        whole.figure_id,
        any_value(whole.document_id) as document_id,
        any_value(whole.disclosure_key) as disclosure_key,
        any_value(whole.page) as page,
        any_value(concat_ws(' ', whole.axes, whole.stage)) as subject,
        any_value(whole.number) as lhs,
        sum(part.part_number) as rhs,
        any_value(whole.half_unit) + sum(part.part_half) as tolerance,
        any_value(whole.is_money) as is_money,
        count(part.part_id) as terms,
        bool_or(part.part_id is null) as some_missing,
        bool_or(starts_with(part.part_name, 'use=') or starts_with(part.part_name, 'body=')) as by_use,
        string_agg(part.part_id, ' ' order by part.part_name, part.part_id) as part_ids
    from value as whole
    inner join parts as part on whole.figure_id = part.figure_id
    group by whole.figure_id, split_part(part.part_name, '=', 1) in ('use', 'body'), starts_with(part.part_name, 'use=')
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
    prov.verdict(
        lhs, rhs, tolerance, doubtful := some_missing or (by_use and rhs < lhs), least := if(is_money, 500, 0)
    ) as verdict,
    figure_id || ' ' || part_ids as figure_ids,
    page
from compared
where terms > 1
