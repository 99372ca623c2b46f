-- Each printed code is the sum of the codes right below it (类=Σ款=Σ项), for every amount column of every table, and
-- within each unit or kind of expenditure that the table lists one below the other.
-- Where a level is not printed, the next one below counts. A blank is not zero: a sum that differs while some code
-- below is blank in the column is unevaluable, and so is a table in which a code has several rows.
-- Demands: subject = sum of the subjects right below it
-- 要求: 科目 = 其下级科目之和
-- Source: 《政府收支分类科目》: 类, 款, 项 are levels of one list; 《预算法》第四十六条 asks for 项 by function, 款 by economic class
with amount as (
    select
        *,
        -- Natures have columns of their own, or rows that head the codes below them.
        concat_ws(
            '|',
            regexp_extract(breakdown, 'unit=([^;]*)', 1),
            if(
                count(distinct nature) over (partition by document_id, table_no, column_path, code_system) > 1,
                nature, ''
            )
        ) as section
    from prov.printed_amount
    where source_kind = 'table' and code is not null and code_system is not null
),

code as (
    select
        document_id,
        table_no,
        code_system,
        section,
        code,
        any_value(row_no) as row_no,
        any_value(row_label) as row_label,
        count(distinct row_no) as code_rows
    from amount
    group by all
),

family as (
    select
        child.document_id,
        child.table_no,
        child.code_system,
        child.section,
        child.code,
        child.row_no,
        child.row_label,
        child.code_rows,
        max_by(parent.code, length(parent.code)) as parent_code,
        max_by(parent.code_rows, length(parent.code)) as parent_rows
    from code as child
    inner join code as parent
        on
            child.document_id = parent.document_id
            and child.table_no = parent.table_no
            and child.code_system = parent.code_system
            and child.section = parent.section
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
        part.figure_id is null and accounted.row_no is null as blank,
        family.code_rows > 1 or family.parent_rows > 1 as doubtful
    from amount as whole
    inner join family
        on
            whole.document_id = family.document_id
            and whole.table_no = family.table_no
            and whole.code_system = family.code_system
            and whole.section = family.section
            and whole.code = family.parent_code
    left join amount as part
        on
            family.document_id = part.document_id
            and family.table_no = part.table_no
            and family.code_system = part.code_system
            and family.section = part.section
            and family.code = part.code
            and whole.column_path = part.column_path
    left join prov.accounted_row as accounted
        on
            family.document_id = accounted.document_id
            and family.table_no = accounted.table_no
            and family.row_no = accounted.row_no
            and family.row_label = accounted.row_label
            and family.code_rows = 1
)

select * from prov.sums('pairs')
