-- A list adds up to its row 合计: purchases, projects, the units of a department. Where the list groups its rows, each
-- level of groups adds up to it again, so all other rows together are as often the total as the list has levels; which
-- row belongs to which group is not asked. Tried for every column of numbers of tables without subject codes, taken for
-- a list where most of its kind of table add up so. What is secret is left out of lists of projects and purchases
-- (预算法 第十四条): one that falls short is unevaluable.
-- Demands: total of the list = sum of its rows
-- 要求: 清单合计 = 各行之和
-- Source: the row 合计 of the list; 《预算法》第十四条 leaves out what is secret
with number as (
    select
        *,
        regexp_full_match(regexp_replace(row_label, '[\s　]', '', 'g'), '合计|总计') as is_total
    from prov.table_number
    qualify not bool_or(is_coded) over (partition by document_id, table_no)
),

added as (
    select
        document_id,
        table_id,
        column_path,
        any_value(form) as form,
        any_value(is_money) as is_money,
        any_value(number) filter (where is_total) as total,
        any_value(half_unit) filter (where is_total) as half_unit,
        sum(number) filter (where not is_total) as listed,
        sum(half_unit) filter (where not is_total) as half_units,
        any_value(page) filter (where is_total) as page,
        concat_ws(' ', any_value(table_title), '合计 ·', column_path) as subject,
        count_if(not is_total) as terms,
        concat_ws(
            ' ',
            any_value(figure_id) filter (where is_total),
            string_agg(figure_id, ' ' order by row_no, figure_id) filter (where not is_total)
        ) as figure_ids
    from number
    group by document_id, table_no, table_id, column_path
    having count_if(is_total) = 1 and count_if(not is_total) > 1 and count(distinct coalesce(unit, '')) = 1
),

levelled as (
    select
        *,
        greatest(1, round(listed / nullif(total, 0))) as levels,
        half_units / levels + half_unit as tolerance,
        cast(listed / levels as decimal(24, 6)) as rhs
    from added
),

compared as (
    select
        *,
        count_if(total <> 0 and abs(total - rhs) <= tolerance) over (partition by form, column_path)
        > 2 * count_if(abs(total - rhs) > tolerance) over (partition by form, column_path) as is_rule
    from levelled
)

select
    compared.document_id,
    document.disclosure_key,
    compared.subject,
    compared.total as lhs,
    compared.rhs,
    compared.total - compared.rhs as difference,
    compared.tolerance,
    compared.terms,
    prov.verdict(
        compared.total,
        compared.rhs,
        compared.tolerance,
        doubtful := compared.rhs < compared.total and coalesce(compared.table_id, '') not in ('T_REV', 'T_EXP', 'T_TP'),
        least := if(compared.is_money, 500, 0)
    ) as verdict,
    compared.figure_ids,
    compared.page
from compared
inner join prov.document as document on compared.document_id = document.document_id
where compared.is_rule
