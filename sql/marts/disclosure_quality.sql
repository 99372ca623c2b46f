-- How complete, consistent and timely each disclosure is: 40, 40 and 20 of 100 points. What is owed and what is there
-- is in prov.disclosure_item, the identities and their weights in prov.disclosure_identity. An account is to be
-- published within 20 days after the finance office approves it (《预算法》第十四条): up to then 20 points, none from 60
-- days on. The day of approval is printed nowhere; it is known where ref.approval has it.
with best as (
    select
        disclosure_key,
        item,
        max(weight) as weight
    from prov.disclosure_item
    group by disclosure_key, item
),

completeness as (
    select
        disclosure_key,
        count(*) as items_required,
        sum(weight) as items_present,
        coalesce(string_agg(item, ' ' order by item) filter (where weight = 0), '') as items_missing,
        cast(40 * sum(weight) / count(*) as decimal(18, 4)) as completeness
    from best
    group by disclosure_key
),

consistency as (
    select
        disclosure_key,
        count(*) as identities,
        count_if(verdict = 'minor') as identities_minor,
        count_if(verdict = 'fail') as identities_failed,
        sum(weight) as weight_evaluated,
        sum(kept) as weight_kept,
        cast(40 * sum(kept) / sum(weight) as decimal(18, 4)) as consistency
    from prov.disclosure_identity
    group by disclosure_key
),

published as (
    select
        disclosure_key,
        min(published_on) as published_on
    from prov.document
    where outcome <> 'withdrawn'
    group by disclosure_key
),

approved as (
    select
        disclosure.disclosure_key,
        arg_max(approval.approved_on, approval.department_name <> '') as approved_on
    from core.dim_document as disclosure
    inner join core.dim_department as department on disclosure.department_key = department.department_key
    inner join ref.approval as approval
        on
            department.region_name = approval.region_name
            and approval.department_name in ('', department.name)
            and disclosure.fiscal_year = approval.fiscal_year
            and disclosure.kind = approval.kind
    group by disclosure.disclosure_key
),

dated as (
    select
        disclosure.disclosure_key,
        published.published_on,
        approved.approved_on,
        cast(published.published_on as date) - cast(approved.approved_on as date) as days_to_publish
    from core.dim_document as disclosure
    left join published on disclosure.disclosure_key = published.disclosure_key
    left join approved on disclosure.disclosure_key = approved.disclosure_key
),

timeliness as (
    select
        *,
        cast(
            if(days_to_publish >= 0, 20 * least(1, greatest(0, (60 - days_to_publish) / 40)), null) as decimal(18, 4)
        ) as timeliness
    from dated
)

select
    disclosure.disclosure_key,
    disclosure.department_key,
    disclosure.fiscal_year,
    disclosure.kind,
    disclosure.scope,
    department.name as department_name,
    completeness.items_required,
    completeness.items_missing,
    completeness.items_present,
    completeness.completeness,
    consistency.consistency,
    timeliness.published_on,
    timeliness.approved_on,
    timeliness.days_to_publish,
    timeliness.timeliness,
    coalesce(consistency.identities, 0) as identities,
    coalesce(consistency.identities_minor, 0) as identities_minor,
    coalesce(consistency.identities_failed, 0) as identities_failed,
    coalesce(consistency.weight_evaluated, 0) as weight_evaluated,
    coalesce(consistency.weight_kept, 0) as weight_kept,
    case
        when timeliness.published_on is null then 'publication_day_unknown'
        when timeliness.approved_on is null then 'approval_day_unknown'
        when timeliness.days_to_publish < 0 then 'published_before_approval'
    end as timeliness_null_reason,
    100 * (completeness.completeness + consistency.consistency + coalesce(timeliness.timeliness, 0))
    / if(timeliness.timeliness is null, 80, 100) as score
from core.dim_document as disclosure
inner join core.dim_department as department on disclosure.department_key = department.department_key
inner join completeness on disclosure.disclosure_key = completeness.disclosure_key
inner join timeliness on disclosure.disclosure_key = timeliness.disclosure_key
left join consistency on disclosure.disclosure_key = consistency.disclosure_key
