-- Each printed figure with a number as proven (it takes part in an identity that holds and could have failed),
-- contradicted (in one that does not hold) or unproven; and the worst verdict it takes part in. Checks of names and
-- years say nothing of amounts (prov.check_rule.proves_amounts).
with taking_part as (
    select
        result.verdict,
        unnest(string_split(result.figure_ids, ' ')) as figure_id
    from prov.check_result as result
    inner join prov.check_rule as rule on result.check_id = rule.check_id
    where result.verdict in ('exact', 'rounding', 'minor', 'fail') and rule.proves_amounts
),

judged as (
    select
        figure_id,
        max_by(verdict, list_position(['exact', 'rounding', 'minor', 'fail'], verdict)) as worst_verdict
    from taking_part
    group by figure_id
)

select
    figure.figure_id,
    figure.document_id,
    judged.worst_verdict,
    coalesce(figure.table_id, if(figure.source_kind = 'text', 'text', 'other tables')) as table_id,
    case
        when judged.worst_verdict in ('minor', 'fail') then 'contradicted'
        when judged.worst_verdict is not null then 'proven'
        else 'unproven'
    end as figure_class
from prov.figure as figure
left join judged on figure.figure_id = judged.figure_id
where figure.value is not null
