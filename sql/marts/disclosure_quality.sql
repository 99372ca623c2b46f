-- How complete and how consistent each disclosure is. What every disclosure owes: the core tables, one of several where
-- forms differ, and what the text must state. An empty table that says so is present.
with owed (item, table_id, measure_id) as (
    values
    ('income_and_expenditure', 'T_TOTAL', null),
    ('revenue', 'T_REV', null),
    ('expenditure', 'T_EXP', null),
    ('fiscal_total', 'T_FISCAL_TOTAL', null),
    ('general_public_budget', 'T_GPB_EXP_FUNC', null),
    ('general_public_budget', 'T_FISCAL_EXP_FUNC', null),
    ('basic_by_economic_class', 'T_GPB_BASIC_ECON', null),
    ('basic_by_economic_class', 'T_FISCAL_BASIC_ECON', null),
    ('basic_by_economic_class', 'T_BASIC_ECON', null),
    ('three_public', 'T_TP', null),
    ('government_funds', 'T_GOVFUND', null),
    ('government_funds', null, 'expenditure gov_fund'),
    ('state_capital', 'T_SOC', null),
    ('state_capital', null, 'expenditure soc'),
    ('agency_running_cost', null, 'agency_running_cost'),
    ('procurement', null, 'procurement'),
    ('procurement', 'T_PROC', null),
    ('vehicles', null, 'asset_vehicle_count'),
    ('performance', null, 'performance_project_count'),
    ('performance', 'T_PERFORMANCE', null)
),

disclosure as (
    select
        disclosure_key,
        department_key,
        fiscal_year,
        kind,
        scope
    from core.dim_document
),

found as (
    select
        document.disclosure_key,
        page_table.table_id,
        null as measure_id,
        if(page_table.state = 'blank', 0.5, 1.0) as weight
    from prov.document_table as page_table
    inner join prov.document as document on page_table.document_id = document.document_id
    where page_table.table_id is not null
    union all
    select distinct
        document.disclosure_key,
        null as table_id,
        unnest([figure.measure_id, concat_ws(' ', figure.measure_id, figure.fund_source)]) as measure_id,
        1.0 as weight
    from prov.figure as figure
    inner join prov.document as document on figure.document_id = document.document_id
    where figure.measure_id is not null
),

present as (
    select
        disclosure.disclosure_key,
        owed.item,
        coalesce(max(found.weight), 0) as weight
    from disclosure
    cross join owed
    left join found
        on
            disclosure.disclosure_key = found.disclosure_key
            and (owed.table_id = found.table_id or owed.measure_id = found.measure_id)
    group by all
),

completeness as (
    select
        disclosure_key,
        count(*) as items_required,
        sum(weight) as items_present,
        coalesce(string_agg(item, ' ' order by item) filter (where weight = 0), '') as items_missing,
        40 * sum(weight) / count(*) as completeness
    from present
    group by disclosure_key
),

-- Sums of a table weigh 3, what is printed twice 2, shares and percents 1. Errors of the parser do not count.
tried as (
    select
        document.disclosure_key,
        result.verdict,
        case
            when result.check_id in ('printed_copies', 'subjects_in_text', 'parts_of_whole', 'other_account') then 2
            when
                result.check_id in (
                    'share_of_base', 'part_that_is_the_whole', 'stated_percent_change', 'execution_rate',
                    'comparison_in_words', 'subject_name_in_text', 'names_listed_in_text'
                ) then 1
            else 3
        end as weight
    from prov.check_result as result
    inner join prov.document as document on result.document_id = document.document_id
    left join prov.blame as blame on result.check_id = blame.check_id and result.figure_ids = blame.figure_ids
    where
        result.verdict in ('exact', 'rounding', 'minor', 'fail')
        and coalesce(blame.whose_error, 'publisher') = 'publisher'
),

consistency as (
    select
        disclosure_key,
        count(*) as identities,
        count_if(verdict = 'fail') as identities_failed,
        40 * sum(weight * case verdict when 'minor' then 0.5 when 'fail' then 0 else 1 end) / sum(weight) as consistency
    from tried
    where disclosure_key is not null
    group by disclosure_key
)

select
    disclosure.disclosure_key,
    disclosure.department_key,
    disclosure.fiscal_year,
    disclosure.kind,
    disclosure.scope,
    completeness.items_required,
    completeness.items_missing,
    cast(completeness.items_present as decimal(18, 4)) as items_present,
    cast(completeness.completeness as decimal(18, 4)) as completeness,
    coalesce(consistency.identities, 0) as identities,
    coalesce(consistency.identities_failed, 0) as identities_failed,
    cast(consistency.consistency as decimal(18, 4)) as consistency,
    cast(null as decimal(18, 4)) as timeliness,
    cast(100 * (completeness.completeness + consistency.consistency) / 80 as decimal(18, 4)) as score
from disclosure
inner join completeness on disclosure.disclosure_key = completeness.disclosure_key
left join consistency on disclosure.disclosure_key = consistency.disclosure_key
