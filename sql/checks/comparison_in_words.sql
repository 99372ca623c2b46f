-- Words that compare what was spent with the budget (决算数小于预算数) say what the printed amounts say, or, where no
-- budget is printed, what the stated rate of execution says. A word is judged where the difference is more than
-- rounding can make; 基本持平 allows one part in twenty, and beyond that is a matter of judgement. A rate of 100 % hides
-- what rounding hides: it leaves a word for more or less undecided, and the two beside one another are named.
-- Demands: amount stands to the budget as the text says
-- 要求: 决算数与预算数的大小 = 文字所述
-- Source: arithmetic of the sentence
with said as (
    select
        *,
        -- A budget that has its own name is executed by the amount of the plain name.
        replace(axes, 'procurement_budget', 'procurement') as spent_axes
    from prov.printed_meaning
    where statement_kind = 'comparison'
),

amount as (
    select * from prov.printed_value
    where is_money and statement_kind = 'level' and measure_id is not null
),

-- Of several copies those of the text count first: there the word stands, and there a person compares.
compared as (
    select
        said.figure_id,
        said.document_id,
        said.disclosure_key,
        said.page,
        said.axes,
        said.value_text,
        said.direction,
        spent.figure_id as spent_id,
        spent.number as spent,
        budget.figure_id as budget_id,
        budget.number as budget,
        rate.figure_id as rate_id,
        rate.number as rate,
        rate.half_unit as rate_half,
        spent.half_unit + budget.half_unit as amount_tolerance,
        spent.figure_id is null or budget.figure_id is null as by_rate
    from said
    left join amount as spent
        on
            said.account = spent.account
            and said.spent_axes = spent.axes
            and spent.stage in ('final', 'execution')
    left join amount as budget
        on
            said.account = budget.account
            and said.axes = budget.axes
            and budget.stage in ('initial_budget', 'adjusted_budget')
            and (said.base = 'budget' or said.base = budget.stage)
    left join prov.printed_value as rate
        on said.account = rate.account and said.axes = rate.axes and rate.statement_kind = 'exec_rate'
    qualify
        row_number() over (
            partition by said.figure_id
            order by
                budget.source_kind = 'text' desc nulls last,
                spent.source_kind = 'text' desc nulls last,
                abs(rate.page - said.page) nulls last,
                abs(budget.page - said.page) nulls last,
                abs(spent.page - said.page) nulls last,
                spent.figure_id asc,
                budget.figure_id asc,
                rate.figure_id asc
        ) = 1
),

tried as (
    select
        *,
        if(by_rate, rate, spent) as lhs,
        if(by_rate, if(rate is null, null, 100), budget) as rhs,
        if(by_rate, rate_half, amount_tolerance) as tolerance,
        if(by_rate, rate_id, spent_id || ' ' || budget_id) as other_ids
    from compared
)

select
    document_id,
    disclosure_key,
    concat_ws(
        ' ', axes, '· the text says', value_text, 'the budget',
        if(by_rate, printf('beside %g %%', lhs::double), null)
    ) as subject,
    lhs,
    rhs,
    lhs - rhs as difference,
    tolerance,
    (lhs is not null)::int as terms,
    case
        when lhs is null then 'unevaluable'
        when direction = 'less' and lhs < rhs then 'exact'
        when direction = 'greater' and lhs > rhs then 'exact'
        when direction in ('equal', 'about_equal') and lhs = rhs then 'exact'
        when direction in ('equal', 'about_equal') and abs(lhs - rhs) <= tolerance then 'rounding'
        when direction = 'about_equal' and abs(lhs - rhs) <= abs(rhs) / 20 then 'rounding'
        when direction in ('less', 'greater') and abs(lhs - rhs) <= tolerance then 'unevaluable'
        when direction = 'about_equal' then 'minor'
        else 'fail'
    end as verdict,
    concat_ws(' ', figure_id, other_ids) as figure_ids,
    page
from tried
