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

pairs as (
    select
        whole,
        part,
        family.code as place,
        prov.cell(whole) as subject,
        family.code_rows > 1 or own.code_rows > 1 as doubtful
    from amount as whole
    inner join code as own
        on
            whole.document_id = own.document_id
            and whole.table_no = own.table_no
            and whole.code_system = own.code_system
            and whole.code = own.code
    inner join family
        on
            whole.document_id = family.document_id
            and whole.table_no = family.table_no
            and whole.code_system = family.code_system
            and whole.code = family.parent_code
    left join amount as part
        on
            family.document_id = part.document_id
            and family.table_no = part.table_no
            and family.code_system = part.code_system
            and family.code = part.code
            and whole.column_path = part.column_path
)

select * from prov.sums('pairs')
