-- What an account says of another account's year is what that account printed: the budget that a final account repeats,
-- and the year before that follows from an amount and its stated change. Same department, scope and axes. A year before
-- that was restated since is no error of either: what differs beyond rounding is doubtful, not failed.
-- Demands: amount = what the account of that year printed
-- 要求: 本文件所载数 = 该年度文件所载数
-- Source: the other account, as published
with value as (
    select
        *,
        concat_ws(' ', department_key, scope, replace(axes, ' ' || period_year, '')) as grain
    from prov.printed_value
    where measure_id is not null and is_money and department_key is not null and statement_kind in ('level', 'delta')
),

-- An account prints one number for a grain, in its tables first.
own as (
    select *
    from value
    where
        statement_kind = 'level'
        and account_year = period_year
        and stage = if(account_kind = 'budget', 'initial_budget', 'final')
    qualify
        count(distinct number) over (partition by account, grain, source_kind) = 1
        and row_number() over (partition by account, grain order by source_kind, document_id, page, figure_id) = 1
),

claim as (
    select
        account,
        document_id,
        disclosure_key,
        page,
        grain,
        axes,
        figure_id as figure_ids,
        number,
        half_unit as tolerance,
        period_year as year_of_other,
        'budget' as kind_of_other,
        'budget repeated in the final account' as claimed
    from value
    where
        statement_kind = 'level'
        and account_kind = 'final'
        and stage = 'initial_budget'
        and account_year = period_year
    union all
    select
        delta.account,
        delta.document_id,
        delta.disclosure_key,
        delta.page,
        delta.grain,
        delta.axes,
        delta.figure_id || ' ' || level.figure_id as figure_ids,
        level.number - delta.number as number,
        level.half_unit + delta.half_unit as tolerance,
        delta.period_year - 1 as year_of_other,
        if(delta.base = 'prior_budget', 'budget', 'final') as kind_of_other,
        'amount less its stated change' as claimed
    from value as delta
    inner join own as level on delta.account = level.account and delta.grain = level.grain
    where
        delta.statement_kind = 'delta'
        and delta.account_year = delta.period_year
        and delta.base in ('prior_budget', 'prior_final')
),

compared as (
    select
        claim.*,
        other.figure_id as other_id,
        other.number as rhs,
        claim.tolerance + other.half_unit as spread
    from claim
    inner join own as other
        on
            claim.grain = other.grain
            and claim.account <> other.account
            and claim.year_of_other = other.account_year
            and claim.kind_of_other = other.account_kind
    qualify row_number() over (partition by claim.figure_ids order by other.document_id, other.figure_id) = 1
)

select
    document_id,
    disclosure_key,
    concat_ws(' ', axes, '·', claimed, '= printed in the', kind_of_other, 'of', year_of_other) as subject,
    number as lhs,
    rhs,
    number - rhs as difference,
    spread as tolerance,
    1 as terms,
    replace(prov.verdict(number, rhs, spread), 'fail', 'minor') as verdict,
    figure_ids || ' ' || other_id as figure_ids,
    page
from compared
