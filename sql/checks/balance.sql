-- Total income is revenue, use of non-fiscal surplus and the opening balance; total expenditure is expenditure,
-- distribution of surplus and the closing balance. Within one table and fund. A part that is not printed makes a sum
-- that differs unevaluable.
-- Law: I01
with rule (whole, part) as (
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

compared as (
    select
        whole.figure_id,
        any_value(whole.document_id) as document_id,
        any_value(whole.table_no) as table_no,
        any_value(whole.disclosure_key) as disclosure_key,
        any_value(whole.page) as page,
        any_value(whole.amount_yuan) as lhs,
        any_value(whole.half_unit_yuan) as half_unit,
        any_value(concat_ws(' ', whole.table_title, whole.row_label, '·', whole.fund_source)) as subject,
        sum(part.amount_yuan) as rhs,
        sum(part.half_unit_yuan) as half_units,
        count(part.figure_id) as terms,
        bool_or(part.figure_id is null) as some_blank,
        string_agg(part.figure_id, ' ' order by part.measure_id) as parts
    from amount as whole
    inner join rule on whole.measure_id = rule.whole
    left join amount as part
        on
            whole.document_id = part.document_id
            and whole.table_no = part.table_no
            and whole.fund_source = part.fund_source
            and whole.stage = part.stage
            and whole.period_year = part.period_year
            and rule.part = part.measure_id
    group by whole.figure_id
),

-- In a table whose sums hold as a rule, those with their blanks left out too, a blank is nothing.
judged as (
    select
        *,
        half_unit + half_units as tolerance,
        count_if(some_blank and abs(lhs - rhs) <= half_unit + half_units) over (partition by document_id, table_no)
        > 2 * count_if(some_blank and abs(lhs - rhs) > half_unit + half_units) over (partition by document_id, table_no)
        or count_if(terms > 0 and abs(lhs - rhs) <= half_unit + half_units) over (partition by document_id, table_no)
        > 10 * count_if(terms > 0 and abs(lhs - rhs) > half_unit + half_units) over (partition by document_id, table_no)
            as blank_is_nothing
    from compared
    where terms > 0
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
        when some_blank and not blank_is_nothing then 'unevaluable'
        when abs(lhs - rhs) <= greatest(3 * tolerance, 500) then 'minor'
        else 'fail'
    end as verdict,
    figure_id || ' ' || parts as figure_ids,
    page
from judged
