-- Vehicles and equipment are counted at a day of the account's own year in a final account (截至2024年12月31日), of that
-- year or the one before in a budget. One row for each sentence that dates them.
-- Demands: year of counting = year the account allows
-- 要求: 清点年度 = 文件应载年度
-- Source: the form: 截至12月31日 of the account's year
-- Proves: names
with counted as (
    select
        figure.document_id,
        figure.sentence,
        figure.period_year,
        document.disclosure_key,
        document.kind,
        document.fiscal_year,
        min(figure.page) as page,
        string_agg(figure.figure_id, ' ' order by figure.page, figure.figure_id) as figure_ids
    from prov.figure as figure
    inner join prov.document as document on figure.document_id = document.document_id
    where
        figure.source_kind = 'text'
        and figure.measure_id in ('asset_vehicle_count', 'asset_equipment_count', 'vehicle_stock_count')
        and document.kind is not null
        and document.fiscal_year is not null
        and regexp_matches(figure.sentence, '截[至止]')
    group by all
)

select
    document_id,
    disclosure_key,
    concat_ws(' ', 'vehicles and equipment at a day of', period_year, 'in the', kind, 'of', fiscal_year) as subject,
    period_year as lhs,
    fiscal_year as rhs,
    period_year - fiscal_year as difference,
    if(kind = 'budget', 1, 0) as tolerance,
    1 as terms,
    case
        when period_year = fiscal_year then 'exact'
        when kind = 'budget' and period_year = fiscal_year - 1 then 'exact'
        else 'fail'
    end as verdict,
    figure_ids,
    page
from counted
