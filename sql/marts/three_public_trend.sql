-- Three public expenses and their parts over the years, budget and final account apart. The year before is the same
-- series one year earlier, printed in the document that prior_disclosure_key names; the change a document states
-- stands beside the computed one. Where one grain is printed for several funds, general public budget comes before
-- fiscal appropriation before all money.
with level as (
    select
        fact.department_key,
        fact.fiscal_year,
        fact.stage,
        fact.scope,
        fact.fund_source,
        fact.measure_id,
        fact.amount_yuan,
        fact.source_kind,
        fact.figure_id,
        fact.disclosure_key,
        amount.half_unit_yuan
    from core.fact_amount as fact
    left join prov.printed_amount as amount on fact.figure_id = amount.figure_id
    where
        fact.statement_kind = 'level'
        and fact.subject_key = 'none'
        and fact.economic_key = 'none'
        and fact.nature = 'total'
        and fact.breakdown = ''
        and fact.measure_id in (
            'three_public', 'three_public_abroad', 'three_public_vehicle', 'three_public_vehicle_purchase',
            'three_public_vehicle_operation', 'three_public_reception'
        )
),

-- Purchases come in lumps, so the total without them is a series of its own.
series as (
    select
        *,
        null as purchase_figure_id
    from level
    union all
    select
        total.department_key,
        total.fiscal_year,
        total.stage,
        total.scope,
        total.fund_source,
        'three_public_ex_purchase' as measure_id,
        total.amount_yuan - purchase.amount_yuan as amount_yuan,
        total.source_kind,
        total.figure_id,
        total.disclosure_key,
        total.half_unit_yuan + purchase.half_unit_yuan as half_unit_yuan,
        purchase.figure_id as purchase_figure_id
    from level as total
    inner join level as purchase using (department_key, fiscal_year, stage, scope, fund_source)
    where total.measure_id = 'three_public' and purchase.measure_id = 'three_public_vehicle_purchase'
),

chosen as (
    select *
    from series
    qualify
        row_number() over (
            partition by department_key, fiscal_year, stage, scope, measure_id
            order by coalesce(list_position(['gpb', 'fiscal', 'all'], fund_source), 9), fund_source
        ) = 1
),

-- Of several bases a change is stated against, the one of the same kind as the figure comes first.
stated_delta as (
    select
        fact.*,
        amount.half_unit_yuan
    from core.fact_amount as fact
    left join prov.printed_amount as amount on fact.figure_id = amount.figure_id
    where fact.statement_kind = 'delta' and fact.subject_key = 'none' and fact.breakdown = ''
    qualify
        row_number() over (
            partition by
                fact.department_key, fact.fiscal_year, fact.stage, fact.scope, fact.fund_source, fact.measure_id
            order by
                fact.base <> if(fact.stage = 'final', 'prior_final', 'prior_budget'),
                fact.base
        ) = 1
),

stated_pct as (
    select
        fact.*,
        length(regexp_extract(figure.value_text, '[.]([0-9]+)', 1)) as decimals
    from core.fact_metric as fact
    left join prov.figure as figure on fact.figure_id = figure.figure_id
    where fact.statement_kind = 'pct_change' and fact.subject_key = 'none' and fact.breakdown = ''
    qualify
        row_number() over (
            partition by
                fact.department_key, fact.fiscal_year, fact.stage, fact.scope, fact.fund_source, fact.measure_id
            order by
                fact.base <> if(fact.stage = 'final', 'prior_final', 'prior_budget'),
                fact.base
        ) = 1
),

joined as (
    select
        chosen.*,
        department.name as department_name,
        department.region_name,
        before.amount_yuan as prior_yuan,
        before.figure_id as prior_figure_id,
        before.purchase_figure_id as prior_purchase_figure_id,
        before.disclosure_key as prior_disclosure_key,
        before.half_unit_yuan as prior_half,
        total.amount_yuan as total_yuan,
        total.figure_id as total_figure_id,
        delta.amount_yuan as delta_yuan,
        delta.figure_id as delta_figure_id,
        delta.half_unit_yuan as delta_half,
        pct.value as pct,
        pct.figure_id as pct_figure_id,
        pct.decimals as pct_decimals,
        coalesce(delta.base, pct.base) as base,
        -- The base a stated percent is tested on: the amount less the stated change, which the same document gives.
        coalesce(chosen.amount_yuan - delta.amount_yuan, before.amount_yuan) as base_yuan,
        coalesce(chosen.half_unit_yuan + delta.half_unit_yuan, before.half_unit_yuan, 0) as base_half
    from chosen
    inner join core.dim_department as department on chosen.department_key = department.department_key
    left join series as before
        on
            chosen.department_key = before.department_key
            and chosen.fiscal_year = before.fiscal_year + 1
            and chosen.stage = before.stage
            and chosen.scope = before.scope
            and chosen.fund_source = before.fund_source
            and chosen.measure_id = before.measure_id
    left join level as total
        on
            chosen.department_key = total.department_key
            and chosen.fiscal_year = total.fiscal_year
            and chosen.stage = total.stage
            and chosen.scope = total.scope
            and chosen.fund_source = total.fund_source
            and total.measure_id = 'three_public'
    left join stated_delta as delta
        on
            chosen.department_key = delta.department_key
            and chosen.fiscal_year = delta.fiscal_year
            and chosen.stage = delta.stage
            and chosen.scope = delta.scope
            and chosen.fund_source = delta.fund_source
            and chosen.measure_id = delta.measure_id
    left join stated_pct as pct
        on
            chosen.department_key = pct.department_key
            and chosen.fiscal_year = pct.fiscal_year
            and chosen.stage = pct.stage
            and chosen.scope = pct.scope
            and chosen.fund_source = pct.fund_source
            and chosen.measure_id = pct.measure_id
)

select
    department_key,
    department_name,
    region_name,
    fiscal_year,
    stage,
    scope,
    measure_id,
    fund_source,
    amount_yuan,
    prior_yuan as prior_amount_yuan,
    amount_yuan - prior_yuan as computed_delta_yuan,
    round(100 * (amount_yuan - prior_yuan) / nullif(prior_yuan, 0), 4) as computed_pct,
    case
        when prior_yuan is null then 'no_prior_year'
        when prior_yuan = 0 then 'zero_base'
    end as null_reason,
    delta_yuan as reported_delta_yuan,
    pct as reported_pct,
    base as reported_base,
    amount_yuan - delta_yuan as implied_prior_yuan,
    half_unit_yuan + coalesce(prior_half, 0) + coalesce(delta_half, 0) as tolerance_yuan,
    case
        when delta_yuan is null then 'not_reported'
        when prior_yuan is null then 'no_prior_year'
        when abs(amount_yuan - prior_yuan - delta_yuan) <= half_unit_yuan + prior_half + delta_half then 'agree'
        else 'disagree'
    end as change_status,
    case
        when pct is null then 'not_reported'
        when base_yuan is null or base_yuan <= 0 then 'not_comparable'
        when
            abs(pct - 100 * (amount_yuan - base_yuan) / base_yuan)
            <= 0.5 / power(10, pct_decimals) + 100 * (half_unit_yuan + amount_yuan / base_yuan * base_half) / base_yuan
            then 'agree'
        else 'disagree'
    end as pct_status,
    total_yuan,
    round(100 * amount_yuan / nullif(total_yuan, 0), 4) as share_of_total_pct,
    source_kind,
    figure_id,
    purchase_figure_id,
    prior_figure_id,
    prior_purchase_figure_id,
    delta_figure_id as reported_delta_figure_id,
    pct_figure_id as reported_pct_figure_id,
    total_figure_id,
    disclosure_key,
    prior_disclosure_key
from joined
