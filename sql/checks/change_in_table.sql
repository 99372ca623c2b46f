-- A table that prints two years prints their change too: this year less last year (增减额), and that as a share of last
-- year (增减%), for each measure, fund and subject. Where last year is nothing, percent has no meaning.
-- Demands: printed change = this year − last year
-- 要求: 表中增减 = 本年数 − 上年数
-- Source: header words of the table: 增减额 = 本年数 − 上年数, 增减% = 增减额 ÷ 上年数
with value as (
    select
        *,
        concat_ws(
            '|', document_id, table_no, measure_id, fund_source, nature, breakdown,
            coalesce(code, if(measure_id = 'expenditure', row_label, ''))
        ) as grain
    from prov.printed_value
    where source_kind = 'table' and measure_id is not null
    qualify count(*) over (partition by grain, statement_kind, period_year, stage, base) = 1
),

compared as (
    select
        stated.document_id,
        stated.disclosure_key,
        stated.page,
        stated.statement_kind,
        concat_ws(' ', stated.table_title, stated.row_label, '·', stated.column_path) as subject,
        stated.number as lhs,
        if(
            stated.statement_kind = 'delta',
            now.number - earlier.number,
            round(100 * (now.number - earlier.number) / nullif(earlier.number, 0), 6)
        ) as rhs,
        earlier.number as was,
        round(
            stated.half_unit
            + if(
                stated.statement_kind = 'delta',
                now.half_unit + earlier.half_unit,
                100 * (now.half_unit + abs(now.number / nullif(earlier.number, 0)) * earlier.half_unit)
                / abs(nullif(earlier.number, 0))
            ),
            6
        ) as tolerance,
        concat_ws(' ', stated.figure_id, now.figure_id, earlier.figure_id) as figure_ids
    from value as stated
    inner join value as now
        on
            stated.grain = now.grain
            and stated.period_year = now.period_year
            and stated.stage = now.stage
            and now.statement_kind = 'level'
    inner join value as earlier
        on
            stated.grain = earlier.grain
            and stated.period_year = earlier.period_year + 1
            and stated.base = concat('prior_', replace(earlier.stage, 'initial_', ''))
            and earlier.statement_kind = 'level'
    where stated.statement_kind in ('delta', 'pct_change')
)

select
    document_id,
    disclosure_key,
    subject,
    lhs,
    rhs,
    lhs - rhs as difference,
    tolerance,
    2 as terms,
    case
        when rhs is null and was = 0 then 'not_applicable'
        else prov.verdict(lhs, rhs, tolerance, least := if(statement_kind = 'delta', 500, 0))
    end as verdict,
    figure_ids,
    page
from compared
