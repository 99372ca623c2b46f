-- A part that is stated to be 100 % of an amount is that amount: two printed totals of one thing. A difference that the
-- stated percent can hide is minor at most; a part larger than its base is no part of it.
-- Demands: a part of 100 % = its whole
-- 要求: 占100%的部分 = 总数
-- Source: arithmetic of the sentence
with value as (
    select
        *,
        concat_ws(' ', axes, stage) as grain
    from prov.printed_value
    where measure_id is not null
),

compared as (
    select
        share.figure_id,
        share.document_id,
        share.disclosure_key,
        share.page,
        concat_ws(' ', share.axes, '100 %', share.base) as subject,
        part.number as lhs,
        whole.number as rhs,
        part.half_unit + whole.half_unit as tolerance,
        concat_ws(' ', part.figure_id, whole.figure_id, share.figure_id) as figure_ids,
        share.half_unit * abs(whole.number) / 100 as hidden
    from value as share
    inner join value as part
        on
            share.account = part.account
            and share.grain = part.grain
            and coalesce(share.sentence, '') = coalesce(part.sentence, '')
            and part.statement_kind = 'level'
            and part.is_money
    inner join value as whole
        on
            share.account = whole.account
            and share.base in ('of:' || whole.measure_id, 'of:' || whole.measure_id || '/' || whole.nature)
            and (contains(share.base, '/') or whole.nature = 'total')
            and share.stage = whole.stage
            and share.period_year = whole.period_year
            and whole.fund_source in (share.fund_source, 'fiscal', 'all')
            and whole.statement_kind = 'level'
            and whole.is_money
            and whole.code is null
            and coalesce(whole.breakdown, '') = ''
    where share.statement_kind = 'share' and share.number = 100
    qualify
        row_number() over (
            partition by share.figure_id
            order by abs(part.number - whole.number), part.figure_id, whole.page, whole.figure_id
        ) = 1
)

select
    document_id,
    disclosure_key,
    subject,
    lhs,
    rhs,
    lhs - rhs as difference,
    tolerance,
    1 as terms,
    case
        when prov.verdict(lhs, rhs, tolerance) <> 'fail' then prov.verdict(lhs, rhs, tolerance)
        when abs(lhs - rhs) <= hidden + tolerance then 'not_applicable'
        when lhs > rhs then 'unevaluable'
        else 'fail'
    end as verdict,
    figure_ids,
    page
from compared
