-- Who has published what: for each department, year and kind of account that is expected, whether it is there and when.
with replaced as (
    select distinct supersedes as document_id
    from prov.document
    where supersedes is not null
),

document as (
    select
        document.department_key,
        document.fiscal_year,
        document.kind,
        -- A file that was replaced counts no more, but it was there on its day.
        count_if(replaced.document_id is null) as documents,
        bool_or(document.outcome in ('read', 'read_partly', 'conflict')) as is_read,
        min(document.published_on) as published_on,
        min_by(document.source_url, coalesce(document.published_on, '9999')) as source_url
    from prov.document as document
    left join replaced on document.document_id = replaced.document_id
    where
        document.department_key is not null
        and document.fiscal_year is not null
        and document.kind is not null
        and document.outcome <> 'withdrawn'
    group by document.department_key, document.fiscal_year, document.kind
),

span as (
    select
        department.region_name,
        document.kind,
        min(document.fiscal_year) as first_year,
        max(document.fiscal_year) as last_year
    from document
    inner join core.dim_department as department on document.department_key = department.department_key
    group by department.region_name, document.kind
),

known as (
    select distinct department_key
    from document
),

expected as (
    select
        department.department_key,
        department.name,
        department.region_name,
        span.kind,
        unnest(range(span.first_year, span.last_year + 1)) as fiscal_year
    from core.dim_department as department
    inner join known on department.department_key = known.department_key
    inner join span on department.region_name = span.region_name
)

select
    expected.department_key,
    expected.name as department_name,
    expected.region_name,
    expected.fiscal_year,
    expected.kind,
    document.published_on,
    document.source_url,
    case when document.is_read then 'published' when document.documents > 0 then 'unread' else 'missing' end as state,
    coalesce(document.documents, 0) as documents,
    date_diff(
        'day',
        min(document.published_on::date)
            over (partition by expected.region_name, expected.fiscal_year, expected.kind),
        document.published_on::date
    ) as days_after_first,
    count(document.published_on)
        over (partition by expected.region_name, expected.fiscal_year, expected.kind) as peers_dated
from expected
left join document
    on
        expected.department_key = document.department_key
        and expected.fiscal_year = document.fiscal_year
        and expected.kind = document.kind
