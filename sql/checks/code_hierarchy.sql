-- Each printed code is the sum of the codes right below it (类=Σ款=Σ项), for every amount column of every table.
-- Where a level is not printed, the next one below counts. A blank is not zero: a sum that differs while some code
-- below is blank in the column is unevaluable, and so is a table in which a code has several rows.
-- Law: I04
with amount as (
    select *
    from prov.printed_amount
    where source_kind = 'table' and code is not null and code_system is not null
),

code as (
    select
        document_id,
        table_no,
        code_system,
        code,
        count(distinct row_no) as code_rows
    from amount
    group by all
),

family as (
    select
        child.document_id,
        child.table_no,
        child.code_system,
        child.code,
        child.code_rows,
        max_by(parent.code, length(parent.code)) as parent_code
    from code as child
    inner join code as parent
        on
            child.document_id = parent.document_id
            and child.table_no = parent.table_no
            and child.code_system = parent.code_system
            and starts_with(child.code, parent.code)
            and length(child.code) > length(parent.code)
    group by all
),

compared as (
    select
        parent.figure_id,
        any_value(parent.document_id) as document_id,
        any_value(parent.table_no) as table_no,
        any_value(parent.disclosure_key) as disclosure_key,
        any_value(parent.page) as page,
        any_value(parent.amount_yuan) as lhs,
        any_value(parent.half_unit_yuan) as half_unit,
        any_value(
            concat_ws(' ', parent.table_title, parent.code, parent.row_label, '·', parent.column_path)
        ) as subject,
        coalesce(sum(child.amount_yuan), 0) as rhs,
        coalesce(sum(child.half_unit_yuan), 0) as half_units,
        count(child.figure_id) as terms,
        bool_or(child.figure_id is null) as some_blank,
        max(family.code_rows) > 1 or any_value(own.code_rows) > 1 as repeated,
        string_agg(child.figure_id, ' ' order by child.code) as parts
    from amount as parent
    inner join code as own
        on
            parent.document_id = own.document_id
            and parent.table_no = own.table_no
            and parent.code_system = own.code_system
            and parent.code = own.code
    inner join family
        on
            parent.document_id = family.document_id
            and parent.table_no = family.table_no
            and parent.code_system = family.code_system
            and parent.code = family.parent_code
    left join amount as child
        on
            family.document_id = child.document_id
            and family.table_no = child.table_no
            and family.code_system = child.code_system
            and family.code = child.code
            and parent.column_path = child.column_path
    group by parent.figure_id
),

-- In a table whose sums hold as a rule, those with their blanks left out too, a blank is nothing, also where all parts
-- are blank.
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
        when some_blank and not blank_is_nothing then 'unevaluable'
        when abs(lhs - rhs) <= greatest(3 * tolerance, 500) then 'minor'
        else 'fail'
    end as verdict,
    concat_ws(' ', figure_id, parts) as figure_ids,
    page
from judged
where terms > 0 or (blank_is_nothing and lhs <> 0)
