-- In each row of a table, expenditure is the sum of its natures (合计 = 基本支出 + 项目支出 + …), and basic
-- expenditure the sum of its personnel and public parts, which stand for it where it has no column. A nature that is
-- blank in the row, or an amount of unknown meaning in it, makes a sum that differs unevaluable.
-- Law: I05
with rule (whole, part) as (
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

compared as (
    select
        whole.figure_id,
        any_value(whole.document_id) as document_id,
        any_value(whole.table_no) as table_no,
        any_value(whole.disclosure_key) as disclosure_key,
        any_value(whole.page) as page,
        any_value(whole.amount_yuan) as lhs,
        any_value(whole.half_unit_yuan) as half_unit,
        any_value(concat_ws(' ', whole.table_title, whole.code, whole.row_label, '·', whole.column_path)) as subject,
        coalesce(sum(part.amount_yuan), 0) as rhs,
        coalesce(sum(part.half_unit_yuan), 0) as half_units,
        count(part.figure_id) as terms,
        bool_or(part.figure_id is null) as some_blank,
        bool_or(unknown.row_no is not null) as incomplete,
        string_agg(part.figure_id, ' ' order by part.column_path) as parts
    from whole
    inner join rule on whole.nature = rule.whole
    inner join columns_of_table as printed
        on
            whole.document_id = printed.document_id
            and whole.table_no = printed.table_no
            and whole.stage = printed.stage
            and whole.fund_source = printed.fund_source
            and rule.part = printed.nature
            and not (rule.whole = 'total' and starts_with(rule.part, 'basic_') and printed.has_basic)
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
            and rule.part = part.nature
    left join unknown
        on
            whole.document_id = unknown.document_id
            and whole.table_no = unknown.table_no
            and whole.row_no = unknown.row_no
            and whole.row_label = unknown.row_label
    group by whole.figure_id
),

-- In a table whose sums hold as a rule, those with their blanks left out too, a blank is nothing.
judged as (
    select
        *,
        half_unit + half_units as tolerance,
        count_if(some_blank and terms > 0 and abs(lhs - rhs) <= half_unit + half_units)
            over (partition by document_id, table_no)
        > 2
        * count_if(some_blank and terms > 0 and abs(lhs - rhs) > half_unit + half_units)
            over (partition by document_id, table_no)
        or count_if(terms > 0 and abs(lhs - rhs) <= half_unit + half_units) over (partition by document_id, table_no)
        > 10 * count_if(terms > 0 and abs(lhs - rhs) > half_unit + half_units) over (partition by document_id, table_no)
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
        when incomplete or (some_blank and not blank_is_nothing) then 'unevaluable'
        when abs(lhs - rhs) <= greatest(3 * tolerance, 500) then 'minor'
        else 'fail'
    end as verdict,
    concat_ws(' ', figure_id, parts) as figure_ids,
    page
from judged
where terms > 0
