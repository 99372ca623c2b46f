-- Each printed figure with a number as proven (it takes part in an identity that holds and could have failed),
-- contradicted (in one that does not hold) or unproven. Checks of names say nothing of amounts.
with taking_part as (
    select
        verdict,
        unnest(string_split(figure_ids, ' ')) as figure_id
    from prov.check_result
    where
        verdict in ('exact', 'rounding', 'minor', 'fail')
        and check_id not in ('subject_name_in_text', 'names_listed_in_text')
),

judged as (
    select
        figure_id,
        bool_or(verdict in ('minor', 'fail')) as contradicted
    from taking_part
    group by figure_id
)

select
    figure.figure_id,
    figure.document_id,
    coalesce(figure.table_id, if(figure.source_kind = 'text', 'text', 'other tables')) as table_id,
    case
        when judged.contradicted then 'contradicted'
        when judged.figure_id is not null then 'proven'
        else 'unproven'
    end as figure_class
from prov.figure as figure
left join judged on figure.figure_id = judged.figure_id
where figure.value is not null
