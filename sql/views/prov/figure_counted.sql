-- Each printed figure with a number once for every part of the warehouse it is counted in: all, its family, year, table
-- and document. mart.figure_trust counts these rows. A family is a layout family: the region of the portal the document
-- came from, whose finance office prescribes the forms; without a portal the region the document names. `badness` is 3
-- where an identity fails, 2 where one fails by little, 1 where none could be tried, 0 where it is proven.
with figure as (
    select
        class.figure_id,
        class.document_id,
        class.figure_class,
        class.table_id,
        document.fiscal_year,
        coalesce(nullif(document.portal_region, ''), document.region_name, 'unknown') as family,
        case
            when class.worst_verdict = 'fail' then 3
            when class.figure_class = 'contradicted' then 2
            when class.figure_class = 'unproven' then 1
            else 0
        end as badness
    from prov.figure_class as class
    inner join prov.document as document on class.document_id = document.document_id
)

select
    part.dimension,
    case part.dimension
        when 'all' then 'all'
        when 'family' then figure.family
        when 'year' then coalesce(cast(figure.fiscal_year as varchar), 'unknown')
        when 'table' then figure.table_id
        else figure.document_id
    end as member,
    figure.figure_id,
    figure.document_id,
    figure.figure_class,
    figure.badness
from figure
cross join (values ('all'), ('family'), ('year'), ('table'), ('document')) as part (dimension)
