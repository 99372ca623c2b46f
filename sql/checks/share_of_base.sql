-- A stated share is the part divided by the base it names, at the digits it is printed with, rounded or cut off. Part
-- and base are those of the same sentence, else of the account; where several amounts fit, one must explain it. A part
-- larger than its base is no part of it: the base is another one.
-- Demands: stated share = part ÷ base
-- 要求: 所述占比 = 部分 ÷ 总数
-- Source: arithmetic of the sentence
with value as (
    select
        *,
        concat_ws(' ', axes, stage) as grain,
        coalesce(sentence, '') as sentence_text
    from prov.printed_value
    where measure_id is not null
),

share as (
    select
        *,
        regexp_extract(base, '^of:([a-z_]+)(/[a-z_]+)?$', 1) as base_measure,
        coalesce(nullif(regexp_extract(base, '^of:[a-z_]+/([a-z_]+)$', 1), ''), 'total') as base_nature
    from value
    where statement_kind = 'share'
),

level as (
    select * from value
    where statement_kind = 'level' and is_money
),

tried as (
    select
        share.figure_id,
        share.document_id,
        share.disclosure_key,
        share.page,
        share.number,
        share.half_unit,
        share.axes,
        share.base,
        part.figure_id as part_id,
        whole.figure_id as whole_id,
        100 * part.number / whole.number as computed,
        100 * (part.half_unit + abs(part.number / whole.number) * whole.half_unit) / abs(whole.number) as spread,
        (part.sentence_text = share.sentence_text)::int as part_near,
        (whole.sentence_text = share.sentence_text)::int as whole_near
    from share
    left join level as part
        on share.account = part.account and share.grain = part.grain
    left join level as whole
        on
            share.account = whole.account
            and share.base_measure = whole.measure_id
            and share.base_nature = whole.nature
            and share.stage = whole.stage
            and share.period_year = whole.period_year
            and whole.code is null
            and coalesce(whole.breakdown, '') = ''
            and whole.fund_source in (share.fund_source, 'fiscal', 'all')
            and whole.number <> 0
            and part.figure_id <> whole.figure_id
            and part.axes <> whole.axes
    qualify
        rank() over (
            partition by share.figure_id
            order by part_near + whole_near desc, whole_near desc
        ) = 1
),

-- Digits may be cut off instead of rounded: then the printed percent may lie a whole last digit below.
compared as (
    select
        *,
        spread + half_unit * if(abs(computed) > abs(number), 2, 1) as tolerance
    from tried
    qualify
        row_number() over (
            partition by figure_id
            order by abs(number - computed) - spread nulls last, part_id, whole_id
        ) = 1
),

tried_alone as (
    select
        document_id,
        disclosure_key,
        concat_ws(' ', axes, base) as subject,
        number as lhs,
        round(computed, 6) as rhs,
        round(number - computed, 6) as difference,
        round(tolerance, 6) as tolerance,
        (computed is not null)::int as terms,
        prov.verdict(number, computed, tolerance, doubtful := computed > 100 + tolerance, least := 0) as verdict,
        concat_ws(' ', figure_id, part_id, whole_id) as figure_ids,
        page
    from compared
),

-- Two shares of one amount that differ because their bases do are no contradiction.
two_bases as (
    select
        one.document_id,
        one.disclosure_key,
        concat_ws(' ', one.axes, one.base, 'and', other.base, '· other base') as subject,
        one.number as lhs,
        other.number as rhs,
        one.number - other.number as difference,
        null as tolerance,
        1 as terms,
        'not_applicable' as verdict,
        one.figure_id || ' ' || other.figure_id as figure_ids,
        one.page
    from share as one
    inner join share as other
        on one.account = other.account and one.grain = other.grain and one.base < other.base
    where one.number <> other.number
    qualify
        row_number() over (
            partition by one.account, one.grain
            order by one.page asc, other.page asc, one.figure_id asc, other.figure_id desc
        ) = 1
)

select * from tried_alone
union all
select * from two_bases
