-- One row per grain: mart.admin_cost_per_capita has one row per department, year, stage, scope and measure.
-- Severity: error
with grain as (
    select
        department_key,
        fiscal_year,
        stage,
        scope,
        cost_measure,
        count(*) as copies
    from mart.admin_cost_per_capita
    group by all
)

select
    null as document_id,
    null as disclosure_key,
    'rows = grains' as subject,
    coalesce(sum(copies), 0) as lhs,
    count(*) as rhs,
    coalesce(sum(copies), 0) - count(*) as difference,
    0 as tolerance,
    1 as terms,
    case when coalesce(max(copies), 1) = 1 then 'exact' else 'fail' end as verdict,
    '' as figure_ids,
    null as page
from grain
