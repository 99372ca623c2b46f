-- A stated rate of execution is the amount spent divided by the budget it is stated of. Where the budget is not
-- printed it cannot be tried; nothing of nothing has no rate.
-- Demands: rate of execution = amount ÷ budget
-- 要求: 执行率 = 执行数 ÷ 预算数
-- Source: arithmetic of the sentence
with value as (
    select
        *,
        coalesce(sentence, '') as sentence_text
    from prov.printed_value
    where measure_id is not null
),

rate as (
    select
        *,
        -- A budget that has its own name is executed by the amount of the plain name.
        replace(axes, 'procurement_budget', 'procurement') as spent_axes
    from value
    where statement_kind = 'exec_rate'
),

tried as (
    select
        rate.*,
        spent.figure_id as spent_id,
        spent.number as spent,
        spent.half_unit as spent_half,
        budget.figure_id as budget_id,
        nullif(budget.number, 0) as budget,
        budget.half_unit as budget_half,
        (spent.sentence_text = rate.sentence_text)::int as spent_near,
        coalesce((budget.sentence_text = rate.sentence_text)::int, 0) as budget_near
    from rate
    left join value as spent
        on
            rate.account = spent.account
            and rate.spent_axes = spent.axes
            and spent.statement_kind = 'level'
            and spent.is_money
            and spent.stage in ('final', 'execution')
    left join value as budget
        on
            rate.account = budget.account
            and rate.axes = budget.axes
            and budget.statement_kind = 'level'
            and budget.is_money
            and budget.stage in ('initial_budget', 'adjusted_budget')
            and spent.figure_id <> budget.figure_id
            and (rate.base = 'budget' or rate.base = budget.stage)
    qualify rank() over (partition by rate.figure_id order by budget_near + spent_near desc, budget_near desc) = 1
),

compared as (
    select
        *,
        100 * spent / budget as computed,
        100 * (spent_half + abs(spent / budget) * budget_half) / abs(budget)
        + half_unit * if(100 * spent / budget > number, 2, 1) as tolerance
    from tried
    qualify
        row_number() over (
            partition by figure_id
            order by abs(number - 100 * spent / budget) nulls last, spent_id, budget_id
        ) = 1
)

select
    document_id,
    disclosure_key,
    concat_ws(' ', axes, base) as subject,
    number as lhs,
    round(computed, 6) as rhs,
    round(number - computed, 6) as difference,
    round(tolerance, 6) as tolerance,
    (computed is not null)::int as terms,
    case
        when computed is null and spent = 0 then 'not_applicable'
        else prov.verdict(number, computed, tolerance, least := 0)
    end as verdict,
    concat_ws(' ', figure_id, spent_id, budget_id) as figure_ids,
    page
from compared
