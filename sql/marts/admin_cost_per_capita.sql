-- Administrative cost per head: agency running cost, and basic expenditure with its public and personnel parts, by
-- the staff they pay for. Agency running cost is divided by civil service, managed-alike and support staff in post,
-- the other costs by all staff in post; where those are not disclosed by the next best headcount, which
-- denominator_basis names. Retired staff are never counted. Nothing is imputed.
with cost (cost_measure, measure_id, nature) as (
    values
    ('agency_running_cost', 'agency_running_cost', null),
    ('basic', 'expenditure', 'basic'),
    ('basic_public', 'expenditure', 'basic_public'),
    ('basic_personnel', 'expenditure', 'basic_personnel')
),

numerator as (
    select
        fact.department_key,
        fact.fiscal_year,
        fact.stage,
        fact.scope,
        cost.cost_measure,
        fact.fund_source,
        fact.amount_yuan,
        fact.figure_id,
        fact.disclosure_key
    from core.fact_amount as fact
    inner join cost
        on fact.measure_id = cost.measure_id and (cost.nature is null or fact.nature = cost.nature)
    where
        fact.statement_kind = 'level'
        and fact.subject_key = 'none'
        and fact.economic_key = 'none'
        and fact.breakdown = ''
    qualify
        row_number() over (
            partition by fact.department_key, fact.fiscal_year, fact.stage, fact.scope, cost.cost_measure
            order by coalesce(list_position(['gpb', 'fiscal', 'all'], fact.fund_source), 9), fact.nature desc
        ) = 1
),

-- Every disclosure is asked for every cost, so that what is missing shows.
grain as (
    select
        document.department_key,
        document.fiscal_year,
        if(document.kind = 'final', 'final', 'initial_budget') as stage,
        document.scope,
        cost.cost_measure
    from core.dim_document as document
    cross join cost
    union
    select
        department_key,
        fiscal_year,
        stage,
        scope,
        cost_measure
    from numerator
),

headcount as (
    select
        fact.department_key,
        fact.fiscal_year,
        fact.stage,
        fact.scope,
        fact.measure_id,
        fact.value,
        fact.figure_id,
        department.name as department_name,
        own.alias is not null as is_own_name,
        regexp_extract(fact.breakdown, '(?:^|;)type=([^;]*)', 1) as staff_type,
        regexp_extract(fact.breakdown, '(?:^|;)unit=([^;]*)', 1) as unit,
        regexp_matches(fact.breakdown, '(?:^|;)type=[^;]*(行政|参公|参照|公务员|工勤)') as is_funded
    from core.fact_metric as fact
    inner join core.dim_department as department on fact.department_key = department.department_key
    left join core.dim_department_alias as own
        on
            fact.department_key = own.department_key
            and regexp_extract(fact.breakdown, '(?:^|;)unit=([^;]*)', 1) = own.alias
    where fact.statement_kind = 'count' and fact.measure_id in ('headcount_actual', 'headcount_establishment')
),

-- Kinds of staff printed for the department as a whole make those of its units copies; a bare total of the
-- department is kept apart from its parts. Headcounts of units alone are those of the department only when its own
-- office is among them: where a document gives just the staff of some subordinate units, the rest is unknown.
part as (
    select
        *,
        unit = '' and staff_type = '' as is_total,
        bool_or(unit = '' and staff_type <> '') over same_measure as typed_as_a_whole,
        count(*) over same_measure as printed,
        bool_or(
            unit = ''
            or is_own_name
            or unit in ('本级', '机关', '本部')
            or ends_with(replace(department_name, '人民政府', '政府'), replace(unit, '人民政府', '政府'))
            or ends_with(replace(unit, '人民政府', '政府'), replace(department_name, '人民政府', '政府'))
        ) over same_measure as covers_department
    from headcount
    window same_measure as (partition by department_key, fiscal_year, stage, scope, measure_id)
),

by_unit as (
    select
        department_key,
        fiscal_year,
        stage,
        scope,
        measure_id,
        unit,
        coalesce(sum(value) filter (where staff_type = ''), sum(value)) as persons,
        string_agg(figure_id, ' ' order by figure_id) filter (where staff_type = '') as bare_ids,
        string_agg(figure_id, ' ' order by figure_id) as all_ids,
        if(bool_or(staff_type <> ''), coalesce(sum(value) filter (where is_funded), 0), null) as funded,
        string_agg(figure_id, ' ' order by figure_id) filter (where is_funded) as funded_ids,
        bool_and(is_funded) as only_funded
    from part
    where covers_department and (not is_total or printed = 1) and (unit = '' or not typed_as_a_whole)
    group by all
),

-- Staff of a unit printed without their kind are of the kinds of its posts, when those are all of one sort.
by_unit_resolved as (
    select
        mine.department_key,
        mine.fiscal_year,
        mine.stage,
        mine.scope,
        mine.measure_id,
        mine.persons,
        coalesce(mine.bare_ids, mine.all_ids) as ids,
        coalesce(mine.funded, if(posts.only_funded, mine.persons, null)) as funded,
        coalesce(mine.funded_ids, if(posts.only_funded, mine.all_ids, null)) as funded_ids
    from by_unit as mine
    left join by_unit as posts
        on
            mine.department_key = posts.department_key
            and mine.fiscal_year = posts.fiscal_year
            and mine.stage = posts.stage
            and mine.scope = posts.scope
            and mine.unit = posts.unit
            and posts.measure_id = 'headcount_establishment'
),

staff as (
    select
        resolved.department_key,
        resolved.fiscal_year,
        resolved.stage,
        resolved.scope,
        resolved.measure_id,
        coalesce(any_value(bare.value), sum(resolved.persons)) as persons,
        coalesce(any_value(bare.figure_id), string_agg(resolved.ids, ' ' order by resolved.ids)) as ids,
        if(bool_and(resolved.funded is not null), sum(resolved.funded), null) as funded,
        string_agg(resolved.funded_ids, ' ' order by resolved.funded_ids) as funded_ids
    from by_unit_resolved as resolved
    left join part as bare
        on
            resolved.department_key = bare.department_key
            and resolved.fiscal_year = bare.fiscal_year
            and resolved.stage = bare.stage
            and resolved.scope = bare.scope
            and resolved.measure_id = bare.measure_id
            and bare.is_total
    group by all
),

partial as (
    select distinct
        department_key,
        fiscal_year,
        stage,
        scope
    from part
    where not covers_department
),

seconded as (
    select
        department_key,
        fiscal_year,
        stage,
        scope,
        sum(value) as persons,
        string_agg(figure_id, ' ' order by figure_id) as ids
    from core.fact_metric
    where
        measure_id = 'headcount_actual_included'
        and statement_kind = 'count'
        and regexp_matches(breakdown, '纪委|纪检|派驻|入驻')
    group by all
),

people as (
    select
        grain.*,
        department.name as department_name,
        department.region_name,
        numerator.fund_source,
        numerator.amount_yuan,
        numerator.figure_id,
        numerator.disclosure_key,
        actual.funded as actual_funded,
        actual.persons as actual_total,
        seconded.persons as seconded,
        posts.funded as posts_funded,
        posts.persons as posts_total,
        partial.department_key is not null as only_some_units,
        grain.cost_measure = 'agency_running_cost' as pays_for_some,
        case
            when grain.cost_measure = 'agency_running_cost' and actual.funded is not null then 'actual_funded'
            when actual.persons is not null then 'actual_total'
            when posts.persons is not null then 'establishment'
        end as basis,
        if(pays_for_some, coalesce(posts.funded, posts.persons), posts.persons) as posts_used,
        case basis
            when 'actual_funded' then actual.funded
            when 'actual_total' then actual.persons
            when 'establishment' then posts_used
        end as denominator,
        greatest(denominator, denominator - seconded.persons, posts_used) as most,
        least(denominator, denominator - seconded.persons, posts_used) as fewest,
        case basis
            when 'actual_funded' then actual.funded_ids
            when 'actual_total' then actual.ids
            when 'establishment' then if(pays_for_some, coalesce(posts.funded_ids, posts.ids), posts.ids)
        end as denominator_ids,
        concat_ws(' ', actual.ids, actual.funded_ids, posts.ids, posts.funded_ids, seconded.ids) as headcount_ids
    from grain
    inner join core.dim_department as department on grain.department_key = department.department_key
    left join numerator
        on
            grain.department_key = numerator.department_key
            and grain.fiscal_year = numerator.fiscal_year
            and grain.stage = numerator.stage
            and grain.scope = numerator.scope
            and grain.cost_measure = numerator.cost_measure
    left join staff as actual
        on
            grain.department_key = actual.department_key
            and grain.fiscal_year = actual.fiscal_year
            and grain.stage = actual.stage
            and grain.scope = actual.scope
            and actual.measure_id = 'headcount_actual'
    left join staff as posts
        on
            grain.department_key = posts.department_key
            and grain.fiscal_year = posts.fiscal_year
            and grain.stage = posts.stage
            and grain.scope = posts.scope
            and posts.measure_id = 'headcount_establishment'
    left join partial
        on
            grain.department_key = partial.department_key
            and grain.fiscal_year = partial.fiscal_year
            and grain.stage = partial.stage
            and grain.scope = partial.scope
    left join seconded
        on
            grain.department_key = seconded.department_key
            and grain.fiscal_year = seconded.fiscal_year
            and grain.stage = seconded.stage
            and grain.scope = seconded.scope
),

-- The rule that names most wins: a department, then a region (the longest), then a kind of document.
definition as (
    select
        people.department_key,
        people.fiscal_year,
        people.stage,
        people.scope,
        people.cost_measure,
        arg_max(
            rule.definition_version,
            1000 * length(rule.department_name) + 10 * length(rule.region_name) + length(rule.kind)
        ) as definition_version
    from people
    inner join ref.definition_version as rule
        on
            people.cost_measure = rule.measure_id
            and people.fiscal_year between rule.from_year and coalesce(rule.to_year, 9999)
            and starts_with(people.region_name, rule.region_name)
            and rule.department_name in ('', people.department_name)
            and rule.kind in ('', if(people.stage = 'final', 'final', 'budget'))
    group by all
)

select
    people.department_key,
    people.department_name,
    people.region_name,
    people.fiscal_year,
    people.stage,
    people.scope,
    people.cost_measure,
    people.fund_source,
    people.amount_yuan as numerator_yuan,
    people.denominator as denominator_persons,
    people.basis as denominator_basis,
    round(people.amount_yuan / nullif(people.denominator, 0), 2) as per_capita_yuan,
    round(people.amount_yuan / nullif(people.most, 0), 2) as per_capita_min_yuan,
    round(people.amount_yuan / nullif(people.fewest, 0), 2) as per_capita_max_yuan,
    case
        when people.amount_yuan is null then 'no_numerator'
        when people.denominator is null and people.only_some_units then 'headcount_of_some_units_only'
        when people.denominator is null then 'headcount_not_disclosed'
        when people.denominator = 0 then 'zero_denominator'
    end as null_reason,
    coalesce(definition.definition_version, 'unstated') as definition_version,
    people.actual_funded as actual_funded_persons,
    people.actual_total as actual_total_persons,
    people.seconded as seconded_persons,
    people.posts_funded as establishment_funded_posts,
    people.posts_total as establishment_posts,
    people.figure_id as numerator_figure_id,
    people.denominator_ids as denominator_figure_ids,
    nullif(
        array_to_string(list_sort(list_distinct(string_split(people.headcount_ids, ' '))), ' '), ''
    ) as headcount_figure_ids,
    people.disclosure_key as numerator_disclosure_key
from people
left join definition using (department_key, fiscal_year, stage, scope, cost_measure)
