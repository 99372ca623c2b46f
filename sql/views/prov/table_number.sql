-- Numbers of table cells, whatever they mean: money in 元, others as printed, with half of the last printed unit. Like
-- prov.printed_value, but also for tables and columns that no catalogue knows; shares have no place among addends.
with number as (
    select
        *,
        case unit when '亿元' then 100000000 when '万元' then 10000 when '千元' then 1000 else 1 end as unit_yuan,
        coalesce(unit, '') in ('元', '千元', '万元', '亿元') as is_money,
        length(regexp_extract(value_text, '[.]([0-9]+)', 1)) as decimals
    from prov.figure
    where source_kind = 'table' and value is not null and coalesce(unit, '') <> '%'
),

precise as (
    select
        *,
        unit_yuan
        / power(10, if(is_money, greatest(decimals, mode(decimals) over (partition by document_id, unit)), decimals))
            as last_digit
    from number
)

select
    figure_id,
    document_id,
    page,
    table_no,
    table_id,
    table_title,
    row_no,
    row_label,
    column_path,
    unit,
    is_money,
    subject_code is not null or subject_code_inferred is not null as is_coded,
    value * unit_yuan as number,
    cast(if(is_money and (last_digit <= 0.01 or value = 0), 0, 0.5 * last_digit) as decimal(18, 6)) as half_unit,
    coalesce(table_id, document_id || ' ' || table_no) as form
from precise
