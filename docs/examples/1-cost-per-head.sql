-- What does one member of staff cost a department to run, and how is that known? (元)
select
    department_name as department,
    fiscal_year as year,
    stage,
    numerator_yuan as cost,
    denominator_persons as staff,
    denominator_basis as basis,
    per_capita_yuan as per_head,
    null_reason as why_not
from mart.admin_cost_per_capita
where cost_measure = 'agency_running_cost'
order by department asc, year asc, stage asc
