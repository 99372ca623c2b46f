-- How far printed figures are proven: by table, document, region and year, over distinct figures.
with figure as (
    select
        class.figure_id,
        class.figure_class,
        class.table_id,
        class.document_id,
        document.fiscal_year,
        coalesce(nullif(document.portal_region, ''), document.region_name, 'unknown') as region
    from prov.figure_class as class
    inner join prov.document as document on class.document_id = document.document_id
),

counted as (
    select
        case
            when grouping(region) = 0 then 'region'
            when grouping(fiscal_year) = 0 then 'year'
            when grouping(table_id) = 0 then 'table'
            when grouping(document_id) = 0 then 'document'
            else 'all'
        end as dimension,
        coalesce(
            region, if(grouping(fiscal_year) = 0, coalesce(cast(fiscal_year as varchar), 'unknown'), null), table_id,
            document_id, 'all'
        ) as member,
        count(distinct figure_id) as figures,
        count(distinct figure_id) filter (where figure_class = 'proven') as proven,
        count(distinct figure_id) filter (where figure_class = 'contradicted') as contradicted,
        count(distinct figure_id) filter (where figure_class = 'unproven') as unproven
    from figure
    group by grouping sets ((), (region), (fiscal_year), (table_id), (document_id))
)

select
    dimension,
    member,
    figures,
    proven,
    contradicted,
    unproven,
    cast(100.0 * proven / figures as decimal(18, 4)) as proven_pct
from counted
where figures > 0
