-- The text calls a subject by the name it has in the tables. Where no row has the name that is stated with an amount,
-- the row of the same 类 with that amount, which the text does not state by its own name, is the one meant. A name that
-- holds the other (an older or longer form) is a variant; any other names another subject.
-- Demands: name in the text = name in the tables
-- 要求: 文字科目名称 = 表中科目名称
-- Source: 《政府收支分类科目》: one name for each subject
-- Proves: names
with stated as (
    select
        value.*,
        named.name,
        named.key,
        named.depth,
        named.lei_key
    from prov.printed_value as value
    inner join prov.subject_name as named on value.figure_id = named.figure_id
    where
        value.source_kind = 'text'
        and value.measure_id = 'expenditure'
        and value.statement_kind = 'level'
        and value.is_money
        and value.number <> 0
        and coalesce(value.breakdown, '') = ''
),

printed as (
    select
        value.*,
        named.name,
        named.key
    from prov.printed_value as value
    inner join prov.subject_name as named on value.figure_id = named.figure_id
    where
        value.source_kind = 'table'
        and value.code is not null
        and value.measure_id = 'expenditure'
        and value.statement_kind = 'level'
        and value.is_money
),

-- A name of 类/款/项 must be that of a 项, and so on; one that stands alone may be of any level.
nameless as (
    select *
    from stated
    where
        exists (
            select 1 from printed
            where printed.account = stated.account
        )
        and not exists (
            select 1 from printed
            where printed.account = stated.account and printed.code = stated.code
        )
        and not exists (
            select 1 from printed
            where
                printed.account = stated.account
                and printed.key = stated.key
                and (stated.depth = 1 or length(printed.code) = 1 + 2 * stated.depth)
        )
),

meant as (
    select
        nameless.figure_id,
        row_figure.code,
        any_value(nameless.document_id) as document_id,
        any_value(nameless.disclosure_key) as disclosure_key,
        any_value(nameless.page) as page,
        any_value(nameless.name) as name,
        any_value(nameless.key) as key,
        any_value(nameless.number) as lhs,
        min_by(row_figure.number, abs(row_figure.number - nameless.number)) as rhs,
        any_value(nameless.half_unit) + min(row_figure.half_unit) as tolerance,
        min(row_figure.name) as row_name,
        min(row_figure.key) as row_key,
        min_by(row_figure.figure_id, row_figure.page::text || row_figure.figure_id) as row_id
    from nameless
    inner join printed as row_figure
        on
            nameless.account = row_figure.account
            and nameless.stage = row_figure.stage
            and nameless.period_year = row_figure.period_year
            and abs(nameless.number - row_figure.number) <= nameless.half_unit + row_figure.half_unit
            and (nameless.depth = 1 or length(row_figure.code) = 1 + 2 * nameless.depth)
    where
        not exists (
            select 1 from stated as other
            where other.account = nameless.account and other.code = row_figure.code
        )
        and (
            nameless.depth = 1
            or exists (
                select 1 from printed as lei
                where
                    lei.account = nameless.account
                    and lei.key = nameless.lei_key
                    and lei.code = left(row_figure.code, 3)
            )
        )
    group by nameless.figure_id, row_figure.code
    qualify count(*) over (partition by nameless.figure_id) = 1
)

select
    document_id,
    disclosure_key,
    concat_ws(' ', name, 'in the text =', code, row_name, 'in the tables, by name') as subject,
    lhs,
    rhs,
    lhs - rhs as difference,
    tolerance,
    1 as terms,
    if(contains(key, row_key) or contains(row_key, key), 'minor', 'fail') as verdict,
    figure_id || ' ' || row_id as figure_ids,
    page
from meant
