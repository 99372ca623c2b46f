-- How do the three public expenses (三公经费) of departments move over the years? Budget and final account apart. (元)
select
    department_name as department,
    stage,
    fiscal_year as year,
    amount_yuan as amount,
    computed_pct::decimal(9, 1) as change_pct,
    reported_pct::decimal(9, 1) as stated_pct,
    implied_prior_yuan as implied_prior,
    change_status
from mart.three_public_trend
where measure_id = 'three_public'
order by department, stage, year
