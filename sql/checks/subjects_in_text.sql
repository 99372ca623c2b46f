-- What the text states by subject adds up: each subject it names to the subjects below it that it names, and the
-- lowest ones together to the whole. Text need not name all: a sum that falls short by more than rounding cannot be
-- evaluated, one that exceeds the whole fails.
-- Demands: amount = sum of the subjects the text states
-- 要求: 总数 = 文字所列各科目之和
-- Source: 《政府收支分类科目》: 类, 款, 项 are levels of one list
with value as (
    select
        *,
        concat_ws(' ', document_id, fund_source, nature, stage, period_year) as place
    from prov.printed_amount
    where
        source_kind = 'text'
        and measure_id = 'expenditure'
        and statement_kind = 'level'
        and coalesce(breakdown, '') = ''
        and not (code is null and axes <> concat_ws(' ', measure_id, fund_source, nullif(nature, 'total'), period_year))
    qualify row_number() over (partition by place, code order by page, figure_id) = 1
),

lowest as (
    select value.*
    from value
    anti join value as below
        on
            value.place = below.place
            and starts_with(below.code, value.code)
            and length(below.code) > length(value.code)
    where value.code is not null
),

sums as (
    select
        whole.figure_id,
        any_value(whole.document_id) as document_id,
        any_value(whole.disclosure_key) as disclosure_key,
        any_value(whole.page) as page,
        any_value(concat_ws(' ', whole.axes, whole.stage, '= the subjects below it in the text')) as subject,
        any_value(whole.amount_yuan) as lhs,
        sum(part.amount_yuan) as rhs,
        any_value(whole.half_unit_yuan) + sum(part.half_unit_yuan) as tolerance,
        count(*) as terms,
        whole.figure_id || ' ' || string_agg(part.figure_id, ' ' order by part.code, part.figure_id) as figure_ids
    from value as whole
    inner join lowest as part
        on
            whole.place = part.place
            and whole.figure_id <> part.figure_id
            and starts_with(part.code, coalesce(whole.code, ''))
            and part.code_system is not distinct from coalesce(whole.code_system, part.code_system)
    where whole.nature = 'total'
    group by whole.figure_id, part.code_system
),

-- Items without project expenditure make basic expenditure, where the items make the whole and no third nature does.
project_left_out as (
    select
        basic.figure_id,
        basic.document_id,
        basic.disclosure_key,
        basic.page,
        concat_ws(' ', basic.axes, basic.stage, '= all subjects in the text less project expenditure') as subject,
        basic.amount_yuan as lhs,
        sums.rhs - project.amount_yuan as rhs,
        basic.half_unit_yuan + project.half_unit_yuan + sums.tolerance as tolerance,
        sums.terms + 1 as terms,
        concat_ws(' ', basic.figure_id, project.figure_id, sums.figure_ids) as figure_ids
    from sums
    inner join value as whole on sums.figure_id = whole.figure_id
    inner join value as basic
        on
            whole.document_id = basic.document_id
            and whole.stage = basic.stage
            and whole.period_year = basic.period_year
            and basic.nature = 'basic'
            and whole.fund_source = basic.fund_source
            and basic.code is null
    inner join value as project
        on
            whole.document_id = project.document_id
            and whole.stage = project.stage
            and whole.period_year = project.period_year
            and project.nature = 'project'
            and project.fund_source in ('all', 'fiscal', whole.fund_source)
            and project.code is null
    where
        whole.code is null
        and abs(sums.lhs - sums.rhs) <= sums.tolerance
        and abs(whole.amount_yuan - basic.amount_yuan - project.amount_yuan)
        <= whole.half_unit_yuan + basic.half_unit_yuan + project.half_unit_yuan
    qualify
        row_number() over (
            partition by basic.figure_id
            order by project.fund_source asc, project.figure_id asc, sums.terms desc, sums.figure_ids asc
        ) = 1
),

tried as (
    select
        *,
        rhs < lhs as doubtful
    from sums
    union all
    select
        *,
        rhs < lhs as doubtful
    from project_left_out
)

select * from prov.judged('tried')
