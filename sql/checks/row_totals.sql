-- A column headed 合计, 小计, 总计, 总数 or 总额 is the sum of the columns beside it under the same heading, each group of
-- columns counting by its own total where it has one. What the columns mean is not asked, so this holds for columns no
-- catalogue knows; columns headed 其中 are parts of another, but those of a 总额 are all its kinds of money. Headings do
-- not always say what adds up: a column is taken for a total where most rows under this heading say so, in all tables
-- of one kind; a blank then is nothing.
-- Demands: total of the row = sum of its columns
-- 要求: 行合计 = 各栏之和
-- Source: header words of the table: 合计, 小计, 总计
with amount as (
    select
        number.*,
        document.disclosure_key,
        regexp_full_match(number.column_path, '(.*/)?[^/]*(合计|小计|总计|总数|总额)') as is_total,
        regexp_replace(number.column_path, '[^/]*$', '') as heading
    from prov.table_number as number
    inner join prov.document as document on number.document_id = document.document_id
    where number.is_money
),

columns_of_table as (
    select distinct
        document_id,
        table_no,
        column_path,
        is_total,
        heading
    from amount
),

part_of as (
    select
        total.document_id,
        total.table_no,
        total.column_path as total_path,
        part.column_path as part_path
    from columns_of_table as total
    inner join columns_of_table as part
        on
            total.document_id = part.document_id
            and total.table_no = part.table_no
            and starts_with(part.column_path, total.heading)
            and total.column_path <> part.column_path
            and not (part.is_total and total.heading = part.heading)
            and (
                not contains(substr(part.column_path, length(total.heading) + 1), '其中')
                or ends_with(total.column_path, '总额')
            )
    -- Columns below another total count through it.
    anti join columns_of_table as nearer
        on
            part.document_id = nearer.document_id
            and part.table_no = nearer.table_no
            and nearer.is_total
            and length(nearer.heading) > length(total.heading)
            and starts_with(part.column_path, nearer.heading)
            and not (part.is_total and part.heading = nearer.heading)
    where total.is_total
),

-- One total in a row: where a row prints it twice, in two panels, its parts cannot be told apart.
placed as (
    select *
    from amount
    qualify count(*) over (partition by document_id, table_no, row_no, row_label, column_path) = 1
),

added as (
    select
        total.*,
        part.figure_id as part_id,
        part.column_path as part_path,
        part.number as part_yuan,
        part.half_unit as part_half,
        abs(total.number - sum(part.number) over (partition by total.figure_id))
        <= total.half_unit + sum(part.half_unit) over (partition by total.figure_id) as holds
    from placed as total
    inner join part_of
        on
            total.document_id = part_of.document_id
            and total.table_no = part_of.table_no
            and total.column_path = part_of.total_path
    inner join placed as part
        on
            part_of.document_id = part.document_id
            and part_of.table_no = part.table_no
            and part_of.part_path = part.column_path
            and total.row_no = part.row_no
            and total.row_label = part.row_label
),

-- A column that has numbers only where the sum fails says something else about the row: no such row is tried. One
-- number does not tell.
helping as (
    select
        *,
        part_yuan = 0
        or bool_or(holds and part_yuan <> 0) over (partition by form, column_path, part_path)
        or count_if(part_yuan <> 0) over (partition by form, column_path, part_path) = 1
            as helps
    from added
),

compared as (
    select
        figure_id,
        any_value(document_id) as document_id,
        any_value(form) as form,
        any_value(column_path) as column_path,
        any_value(disclosure_key) as disclosure_key,
        any_value(page) as page,
        any_value(number) as lhs,
        any_value(concat_ws(' ', table_title, row_label, '·', column_path)) as subject,
        sum(part_yuan) as rhs,
        any_value(half_unit) + sum(part_half) as tolerance,
        count(*) as terms,
        count_if(part_yuan <> 0) as filled,
        false as doubtful,
        figure_id || ' ' || string_agg(part_id, ' ' order by part_path, part_id) as figure_ids
    from helping
    group by figure_id
    having bool_and(helps)
),

ruled as (
    select
        *,
        count_if(abs(lhs - rhs) <= tolerance and filled > 0) over (partition by form, column_path)
        > greatest(1, 2 * count_if(abs(lhs - rhs) > tolerance) over (partition by form, column_path)) as is_rule
    from compared
),

tried as (
    select * from ruled
    where is_rule
)

select * from prov.judged('tried')
