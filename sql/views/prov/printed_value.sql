-- Printed figures of known meaning with their number (元 for money, else as printed) and half of the last printed
-- unit, which is what rounding can hide. Trailing zeros are dropped in print (0.4 among 0.40s), so money is taken to
-- be as precise as most money of its document's tables, or text, in that unit; text that often prints fewer digits
-- means it, and is as precise as printed. So are percents; counts are whole.
with number as (
    select
        figure.*,
        coalesce(figure.amount_yuan, figure.value) as number,
        figure.amount_yuan is not null as is_money,
        length(regexp_extract(figure.value_text, '[.]([0-9]+)', 1)) as decimals,
        case
            when figure.amount_yuan is null then 1
            when figure.unit = '亿元' then 100000000
            when figure.unit = '万元' then 10000
            when figure.unit = '千元' then 1000
            else 1
        end as unit_yuan
    from prov.printed_meaning as figure
    where coalesce(figure.amount_yuan, figure.value) is not null
),

usual as (
    select
        document_id,
        source_kind,
        unit,
        mode(decimals order by decimals desc) as decimals,
        count(*) as numbers
    from number
    where is_money and value <> 0
    group by document_id, source_kind, unit
),

coarse as (
    select
        document_id,
        unit,
        decimals,
        count(*) as numbers
    from number
    where is_money and value <> 0 and source_kind = 'text'
    group by document_id, unit, decimals
)

select
    number.figure_id,
    number.document_id,
    number.disclosure_key,
    number.department_key,
    number.account_year,
    number.account_kind,
    number.scope,
    number.page,
    number.source_kind,
    number.table_no,
    number.table_id,
    number.table_title,
    number.row_no,
    number.row_label,
    number.column_path,
    number.code_system,
    number.measure_id,
    number.statement_kind,
    number.fund_source,
    number.nature,
    number.stage,
    number.period_year,
    number.base,
    number.breakdown,
    number.unit,
    number.value_text,
    number.sentence,
    number.is_money,
    number.amount_yuan,
    number.number,
    number.account,
    number.code,
    number.axes,
    cast(
        case
            when number.statement_kind = 'count' then 0
            when not number.is_money then 0.5 / power(10, number.decimals)
            -- A spreadsheet shows ten digits of a number that has no format of its own.
            when
                number.source_kind = 'table' and number.decimals < usual.decimals
                and regexp_full_match(number.value_text, '-?([0-9][.]?){10}')
                then 0.5 * number.unit_yuan / power(10, number.decimals)
            -- Money has no part below a 分, and a zero in a table is nothing.
            when number.unit_yuan / power(10, greatest(number.decimals, coalesce(usual.decimals, 0))) <= 0.01 then 0
            when number.source_kind = 'table' and number.value = 0 then 0
            -- One number in ten ends in a zero that is dropped.
            when coarse.numbers > 10 and coarse.numbers > usual.numbers * if(number.decimals = 0, 0.1, 0.3)
                then 0.5 * number.unit_yuan / power(10, number.decimals)
            else 0.5 * number.unit_yuan / power(10, greatest(number.decimals, coalesce(usual.decimals, 0)))
        end as decimal(18, 6)
    ) as half_unit
from number
left join usual
    on
        number.document_id = usual.document_id
        and number.source_kind = usual.source_kind
        and number.unit = usual.unit
left join coarse
    on
        number.source_kind = 'text'
        and number.document_id = coarse.document_id
        and number.unit = coarse.unit
        and number.decimals = coarse.decimals
