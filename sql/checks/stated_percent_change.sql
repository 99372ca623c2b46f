-- A stated change in percent is the stated change of the amount divided by what the amount was before, at the digits
-- it is printed with, rounded or cut off. Amount, change and percent are those of one sentence, else of the account;
-- where nothing was there before, percent has no meaning,
-- and a change larger than the amount is one of something else.
-- Demands: stated percent = change ÷ amount before
-- 要求: 所述增减幅 = 增减额 ÷ 上年数
-- Source: arithmetic of the sentence
with value as (
    select
        *,
        concat_ws(' ', axes, stage) as grain,
        coalesce(sentence, '') as sentence_text
    from prov.printed_value
    where measure_id is not null
),

percent as (
    select * from value
    where statement_kind = 'pct_change'
),

tried as (
    select
        percent.figure_id,
        percent.document_id,
        percent.disclosure_key,
        percent.page,
        percent.number,
        percent.half_unit,
        percent.axes,
        percent.base,
        delta.figure_id as delta_id,
        level.figure_id as level_id,
        level.number - delta.number as was,
        delta.half_unit as delta_half,
        level.half_unit + delta.half_unit as prior_half,
        delta.number as change,
        (delta.sentence_text = percent.sentence_text)::int as delta_near,
        (level.sentence_text = percent.sentence_text)::int as level_near
    from percent
    left join value as delta
        on
            percent.account = delta.account
            and percent.grain = delta.grain
            and coalesce(percent.base, '') = coalesce(delta.base, '')
            and delta.statement_kind = 'delta'
            and delta.is_money
    left join value as level
        on
            percent.account = level.account
            and percent.grain = level.grain
            and level.statement_kind = 'level'
            and level.is_money
    qualify rank() over (partition by percent.figure_id order by delta_near + level_near desc, delta_near desc) = 1
),

computed as (
    select
        *,
        100 * change / nullif(was, 0) as computed,
        100 * (delta_half + abs(change / nullif(was, 0)) * prior_half) / abs(nullif(was, 0)) as spread
    from tried
),

compared as (
    select
        *,
        spread + half_unit * if(abs(computed) > abs(number), 2, 1) as tolerance
    from computed
    qualify
        row_number() over (
            partition by figure_id
            order by abs(number - computed) - spread nulls last, delta_id, level_id
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
        when was = 0 then 'not_applicable'
        when was < 0 then 'unevaluable'
        else prov.verdict(number, computed, tolerance, least := 0)
    end as verdict,
    concat_ws(' ', figure_id, delta_id, level_id) as figure_ids,
    page
from compared
