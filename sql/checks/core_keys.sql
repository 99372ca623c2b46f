-- Every key of a fact is in its dimension, and every fact leads to a printed figure. One row per key: how many rows
-- have it, how many find it.
-- Severity: error
with pair (key_name, uses, found) as (
    select
        'fact_amount.department_key',
        count(*),
        count(dim.department_key)
    from core.fact_amount as used left join core.dim_department as dim on used.department_key = dim.department_key
    union all
    select
        'fact_amount.fiscal_year',
        count(*),
        count(dim.fiscal_year)
    from core.fact_amount as used left join core.dim_year as dim on used.fiscal_year = dim.fiscal_year
    union all
    select
        'fact_amount.subject_key',
        count(*),
        count(dim.subject_key)
    from core.fact_amount as used left join core.dim_subject as dim on used.subject_key = dim.subject_key
    union all
    select
        'fact_amount.economic_key',
        count(*),
        count(dim.economic_key)
    from core.fact_amount as used left join core.dim_economic as dim on used.economic_key = dim.economic_key
    union all
    select
        'fact_amount.measure_id',
        count(*),
        count(dim.measure_id)
    from core.fact_amount as used left join core.dim_measure as dim on used.measure_id = dim.measure_id
    union all
    select
        'fact_amount.fund_source',
        count(*),
        count(dim.fund_source)
    from core.fact_amount as used left join core.dim_fund as dim on used.fund_source = dim.fund_source
    union all
    select
        'fact_amount.disclosure_key',
        count(*),
        count(dim.disclosure_key)
    from core.fact_amount as used left join core.dim_document as dim on used.disclosure_key = dim.disclosure_key
    union all
    select
        'fact_amount.figure_id',
        count(*),
        count(dim.figure_id)
    from core.fact_amount as used left join prov.figure as dim on used.figure_id = dim.figure_id
    union all
    select
        'fact_metric.department_key',
        count(*),
        count(dim.department_key)
    from core.fact_metric as used left join core.dim_department as dim on used.department_key = dim.department_key
    union all
    select
        'fact_metric.fiscal_year',
        count(*),
        count(dim.fiscal_year)
    from core.fact_metric as used left join core.dim_year as dim on used.fiscal_year = dim.fiscal_year
    union all
    select
        'fact_metric.subject_key',
        count(*),
        count(dim.subject_key)
    from core.fact_metric as used left join core.dim_subject as dim on used.subject_key = dim.subject_key
    union all
    select
        'fact_metric.measure_id',
        count(*),
        count(dim.measure_id)
    from core.fact_metric as used left join core.dim_measure as dim on used.measure_id = dim.measure_id
    union all
    select
        'fact_metric.fund_source',
        count(*),
        count(dim.fund_source)
    from core.fact_metric as used left join core.dim_fund as dim on used.fund_source = dim.fund_source
    union all
    select
        'fact_metric.disclosure_key',
        count(*),
        count(dim.disclosure_key)
    from core.fact_metric as used left join core.dim_document as dim on used.disclosure_key = dim.disclosure_key
    union all
    select
        'fact_metric.figure_id',
        count(*),
        count(dim.figure_id)
    from core.fact_metric as used left join prov.figure as dim on used.figure_id = dim.figure_id
    union all
    select
        'dim_document.department_key',
        count(*),
        count(dim.department_key)
    from core.dim_document as used left join core.dim_department as dim on used.department_key = dim.department_key
    union all
    select
        'dim_department_alias.department_key',
        count(*),
        count(dim.department_key)
    from core.dim_department_alias as used
    left join core.dim_department as dim on used.department_key = dim.department_key
    union all
    select
        'bridge_department_unit.department_key',
        count(*),
        count(dim.department_key)
    from core.bridge_department_unit as used
    left join core.dim_department as dim on used.department_key = dim.department_key
    union all
    select
        'bridge_department_unit.unit_key',
        count(*),
        count(dim.department_key)
    from core.bridge_department_unit as used
    left join core.dim_department as dim on used.unit_key = dim.department_key
    union all
    select
        'bridge_department_unit.document_id',
        count(*),
        count(dim.document_id)
    from core.bridge_department_unit as used left join prov.document as dim on used.document_id = dim.document_id
    union all
    select
        'figure.document_id',
        count(*),
        count(dim.document_id)
    from prov.figure as used left join prov.document as dim on used.document_id = dim.document_id
)

select
    null as document_id,
    null as disclosure_key,
    key_name as subject,
    uses as lhs,
    found as rhs,
    uses - found as difference,
    0 as tolerance,
    1 as terms,
    case when uses = found then 'exact' else 'fail' end as verdict,
    '' as figure_ids,
    null as page
from pair
