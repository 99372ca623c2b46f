-- The row 合计 of a table is the sum of its topmost codes (合计=Σ类), for every amount column. Rows without a code
-- or a known meaning between them, or a topmost code that is blank in the column, make a sum that differs unevaluable.
-- Law: I04
with amount as (
    select
        *,
        code is null
        and regexp_full_match(regexp_replace(row_label, '[\s　]', '', 'g'), '(本年)?(收入|支出)?(合计|总计)') as is_total
    from prov.printed_amount
    where source_kind = 'table'
),

code as (
    select
        document_id,
        table_no,
        code_system,
        code,
        count(distinct row_no) as code_rows
    from amount
    where code is not null and code_system is not null
    group by all
),

top as (
    select child.*
    from code as child
    anti join code as parent
        on
            child.document_id = parent.document_id
            and child.table_no = parent.table_no
            and child.code_system = parent.code_system
            and starts_with(child.code, parent.code)
            and length(child.code) > length(parent.code)
),

uncoded as (
    select distinct
        document_id,
        table_no,
        column_path
    from amount
    where code is null and not is_total and (measure_id is null or measure_id = 'expenditure')
),

compared as (
    select
        total.figure_id,
        top.code_system,
        any_value(total.document_id) as document_id,
        any_value(total.table_no) as table_no,
        any_value(total.disclosure_key) as disclosure_key,
        any_value(total.page) as page,
        any_value(total.amount_yuan) as lhs,
        any_value(total.half_unit_yuan) as half_unit,
        any_value(concat_ws(' ', total.table_title, total.row_label, '·', total.column_path)) as subject,
        coalesce(sum(child.amount_yuan), 0) as rhs,
        coalesce(sum(child.half_unit_yuan), 0) as half_units,
        count(child.figure_id) as terms,
        bool_or(child.figure_id is null) as some_blank,
        bool_or(uncoded.document_id is not null) as incomplete,
        max(top.code_rows) > 1 as repeated,
        string_agg(child.figure_id, ' ' order by child.code) as parts
    from amount as total
    inner join top on total.document_id = top.document_id and total.table_no = top.table_no
    left join amount as child
        on
            top.document_id = child.document_id
            and top.table_no = child.table_no
            and top.code_system = child.code_system
            and top.code = child.code
            and total.column_path = child.column_path
            and total.measure_id is not distinct from child.measure_id
    left join uncoded
        on
            total.document_id = uncoded.document_id
            and total.table_no = uncoded.table_no
            and total.column_path = uncoded.column_path
    where total.is_total
    group by total.figure_id, top.code_system
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
        when repeated then 'unevaluable'
        when abs(lhs - rhs) <= tolerance then 'rounding'
        when incomplete or (some_blank and not blank_is_nothing) then 'unevaluable'
        when abs(lhs - rhs) <= greatest(3 * tolerance, 500) then 'minor'
        else 'fail'
    end as verdict,
    concat_ws(' ', figure_id, parts) as figure_ids,
    page
from judged
where terms > 0
