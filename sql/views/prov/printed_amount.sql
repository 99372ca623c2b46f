-- Printed money with what its rounding can hide: half of the last printed unit, in 元. Trailing zeros are dropped
-- in print (0.4 among 0.40s), so a figure is taken to be as precise as most figures of its document and unit.
with money as (
    select
        figure.*,
        length(regexp_extract(figure.value_text, '[.]([0-9]+)', 1)) as decimals,
        case figure.unit when '亿元' then 100000000 when '万元' then 10000 when '千元' then 1000 else 1 end as unit_yuan
    from prov.figure as figure
    where figure.amount_yuan is not null
),

usual as (
    select
        document_id,
        unit,
        mode(decimals order by decimals desc) as decimals
    from money
    where value <> 0
    group by document_id, unit
)

select
    money.figure_id,
    money.document_id,
    document.disclosure_key,
    money.page,
    money.source_kind,
    money.table_no,
    money.table_id,
    money.table_title,
    money.row_no,
    money.row_label,
    money.column_path,
    money.code_system,
    money.measure_id,
    money.statement_kind,
    money.fund_source,
    money.nature,
    money.stage,
    money.period_year,
    money.base,
    money.breakdown,
    money.amount_yuan,
    coalesce(money.subject_code, money.subject_code_inferred) as code,
    cast(
        0.5 * money.unit_yuan / power(10, greatest(money.decimals, coalesce(usual.decimals, 0))) as decimal(18, 6)
    ) as half_unit_yuan
from money
inner join prov.document as document on money.document_id = document.document_id
left join usual on money.document_id = usual.document_id and money.unit = usual.unit
