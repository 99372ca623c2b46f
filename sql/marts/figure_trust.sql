-- How far printed figures are proven: by table, document, family and year, over distinct figures.
with titled as (
    select
        coalesce(table_id, if(source_kind = 'text', 'text', 'other tables')) as table_id,
        mode(table_title order by table_title) filter (where source_kind = 'table') as table_title
    from prov.figure
    group by all
),

counted as (
    select
        dimension,
        member,
        count(distinct figure_id) as figures,
        count(distinct figure_id) filter (where figure_class = 'proven') as proven,
        count(distinct figure_id) filter (where figure_class = 'contradicted') as contradicted,
        count(distinct figure_id) filter (where figure_class = 'unproven') as unproven
    from prov.figure_counted
    group by dimension, member
)

select
    counted.dimension,
    counted.member,
    counted.figures,
    counted.proven,
    counted.contradicted,
    counted.unproven,
    coalesce(document.file_name, if(titled.table_id = 'other tables', null, titled.table_title), '') as member_name,
    coalesce(department.name, document.department_name) as department_name,
    cast(100.0 * counted.proven / counted.figures as decimal(18, 4)) as proven_pct
from counted
left join prov.document as document on counted.dimension = 'document' and counted.member = document.document_id
left join core.dim_department as department on document.department_key = department.department_key
left join titled on counted.dimension = 'table' and counted.member = titled.table_id
