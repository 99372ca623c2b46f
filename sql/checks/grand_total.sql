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
    select
        child.*,
        count(distinct child.code_system) over (partition by child.document_id, child.table_no) as systems
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

pairs as (
    select
        whole,
        part,
        top.code as place,
        concat_ws(' ', prov.cell(whole), if(top.systems > 1, top.code_system, null)) as subject,
        top.code_rows > 1 or uncoded.document_id is not null as doubtful
    from amount as whole
    inner join top on whole.document_id = top.document_id and whole.table_no = top.table_no
    left join amount as part
        on
            top.document_id = part.document_id
            and top.table_no = part.table_no
            and top.code_system = part.code_system
            and top.code = part.code
            and whole.column_path = part.column_path
            and whole.measure_id is not distinct from part.measure_id
    left join uncoded
        on
            whole.document_id = uncoded.document_id
            and whole.table_no = uncoded.table_no
            and whole.column_path = uncoded.column_path
    where whole.is_total
)

select * from prov.sums('pairs')
where terms > 0
