-- One row per grain: mart.coverage has each department, year and kind once, and all that is published.
-- Severity: error
select
    null as document_id,
    department_key || '/' || fiscal_year || '/' || kind as disclosure_key,
    'rows of ' || department_name as subject,
    count(*) as lhs,
    1 as rhs,
    count(*) - 1 as difference,
    0 as tolerance,
    1 as terms,
    if(count(*) = 1, 'exact', 'fail') as verdict,
    '' as figure_ids,
    null as page
from mart.coverage
group by department_key, department_name, fiscal_year, kind
