-- The row 合计 of a table is the sum of its topmost codes (合计=Σ类), for every amount column, and so is a row that heads
-- the codes of one unit or one kind of expenditure. Rows without a code or a known meaning between them, or a topmost
-- code that is blank in the column, make a sum that differs unevaluable; so do balances of a side without own total.
-- Demands: total of the table = sum of its topmost rows
-- 要求: 合计 = 各类科目之和
-- Source: 《政府收支分类科目》: every amount has one 类
with amount as (
    select
        *,
        code is null
        and regexp_full_match(regexp_replace(row_label, '[\s　]', '', 'g'), '(本年)?(收入|支出)?(合计|总计)') as is_total,
        -- Natures have columns of their own, or rows that head the codes below them.
        concat_ws(
            '|',
            regexp_extract(breakdown, 'unit=([^;]*)', 1),
            if(
                nature <> 'total'
                and count(distinct nature) over (partition by document_id, table_no, column_path) > 1,
                nature, ''
            )
        ) as section,
        -- The total of a side is that of expenditure where no other is printed.
        if(
            measure_id = 'total_out'
            and not bool_or(measure_id = 'expenditure' and code is null and nature = 'total')
                over (partition by document_id, table_no, column_path),
            'expenditure', measure_id
        ) as summed_measure
    from prov.printed_amount
    where source_kind = 'table'
),

code as (
    select
        document_id,
        table_no,
        column_path,
        code_system,
        section,
        code,
        any_value(row_no) as row_no,
        any_value(row_label) as row_label,
        count(distinct row_no) as code_rows
    from amount
    where code is not null and code_system is not null
    group by all
),

-- A code that is blank in one column stands in another, of the same table and section.
top as (
    select
        child.document_id,
        child.table_no,
        child.code_system,
        child.section,
        child.code,
        any_value(child.row_no) as row_no,
        any_value(child.row_label) as row_label,
        max(child.code_rows) as code_rows
    from code as child
    anti join code as parent
        on
            child.document_id = parent.document_id
            and child.table_no = parent.table_no
            and child.code_system = parent.code_system
            and child.section = parent.section
            and starts_with(child.code, parent.code)
            and length(child.code) > length(parent.code)
    group by all
),

printed_section as (
    select distinct
        document_id,
        table_no,
        column_path,
        code_system,
        section
    from code
),

systems_of_table as (
    select
        document_id,
        table_no,
        count(distinct code_system) as systems
    from code
    group by all
),

-- A row without a code, alone in a section, heads it.
whole as (
    select * from amount
    where code is null and (is_total or (section not in ('', '|') and measure_id = 'expenditure'))
    qualify
        is_total
        or count(*) over (partition by document_id, table_no, column_path, measure_id, section, is_total) = 1
),

-- A row without a code that heads none stands for itself.
uncoded as (
    select
        amount.document_id,
        amount.table_no,
        amount.column_path,
        list(distinct amount.amount_yuan) filter (where amount.measure_id is null or amount.measure_id = 'expenditure')
            as amounts,
        bool_or(amount.measure_id in ('closing_balance', 'surplus_distribution') and amount.amount_yuan <> 0)
            as has_balance
    from amount
    anti join printed_section as headed
        on
            amount.document_id = headed.document_id
            and amount.table_no = headed.table_no
            and amount.column_path = headed.column_path
            and amount.section = headed.section
            and amount.section not in ('', '|')
    where
        amount.code is null
        and not amount.is_total
        and coalesce(amount.measure_id, 'expenditure') in ('expenditure', 'closing_balance', 'surplus_distribution')
    group by all
),

pairs as (
    select
        whole,
        part,
        concat_ws(' ', top.code, top.section) as place,
        concat_ws(
            ' ', prov.cell(whole), if(systems_of_table.systems > 1, top.code_system, null)
        ) as subject,
        part.figure_id is null and accounted.row_no is null as blank,
        top.code_rows > 1
        -- A row that repeats the total adds nothing to it.
        or not coalesce(list_has_all([0, whole.amount_yuan], uncoded.amounts), true)
        or (whole.measure_id = 'total_out' and coalesce(uncoded.has_balance, false)) as doubtful
    from whole
    inner join systems_of_table using (document_id, table_no)
    inner join printed_section
        on
            whole.document_id = printed_section.document_id
            and whole.table_no = printed_section.table_no
            and whole.column_path = printed_section.column_path
            and (whole.section in ('', '|') or whole.section = printed_section.section)
    inner join top
        on
            printed_section.document_id = top.document_id
            and printed_section.table_no = top.table_no
            and printed_section.code_system = top.code_system
            and printed_section.section = top.section
    left join amount as part
        on
            top.document_id = part.document_id
            and top.table_no = part.table_no
            and top.code_system = part.code_system
            and top.section = part.section
            and top.code = part.code
            and whole.column_path = part.column_path
            and whole.summed_measure is not distinct from part.summed_measure
    left join prov.accounted_row as accounted
        on
            top.document_id = accounted.document_id
            and top.table_no = accounted.table_no
            and top.row_no = accounted.row_no
            and top.row_label = accounted.row_label
            and top.code_rows = 1
    left join uncoded
        on
            whole.document_id = uncoded.document_id
            and whole.table_no = uncoded.table_no
            and whole.column_path = uncoded.column_path
)

select * from prov.sums('pairs')
where terms > 0
