-- The identities that speak for or against the consistency of a disclosure, with what each weighs and what it keeps of
-- that. Sums and copies within tables weigh 3, identities with running text 2, those with shares, rates, percents or
-- words in place of numbers 1, a title left over from another year or form 0.5. One that holds keeps its weight, one
-- that fails by little half of it. Not counted is what could not be evaluated, and what the parser got wrong or may
-- have.
with kind as (
    select
        numbered.figure_ids,
        bool_or(figure.source_kind = 'text') as has_text,
        bool_or(
            figure.statement_kind in ('share', 'pct_change', 'exec_rate', 'comparison', 'named_part')
        ) as has_percent,
        bool_or(figure.statement_kind = 'title') as has_title
    from (
        select distinct
            figure_ids,
            unnest(string_split(figure_ids, ' ')) as figure_id
        from prov.check_result
        where verdict in ('exact', 'rounding', 'minor', 'fail')
    ) as numbered
    inner join prov.figure as figure on numbered.figure_id = figure.figure_id
    group by numbered.figure_ids
),

weighed as (
    select
        result.disclosure_key,
        result.document_id,
        result.page,
        result.check_id,
        result.subject,
        result.verdict,
        result.difference,
        result.figure_ids,
        case
            when kind.figure_ids is null or kind.has_title then 0.5
            when kind.has_percent then 1
            when kind.has_text then 2
            else 3
        end as weight
    from prov.check_result as result
    left join kind on result.figure_ids = kind.figure_ids
    left join prov.blame as blame on result.check_id = blame.check_id and result.figure_ids = blame.figure_ids
    where
        result.verdict in ('exact', 'rounding', 'minor', 'fail')
        and result.disclosure_key is not null
        and coalesce(blame.whose_error, 'publisher') = 'publisher'
)

select
    disclosure_key,
    document_id,
    page,
    check_id,
    subject,
    verdict,
    difference,
    figure_ids,
    weight,
    weight * case verdict when 'minor' then 0.5 when 'fail' then 0 else 1 end as kept
from weighed
