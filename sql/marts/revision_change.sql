-- What a revision changed: every printed figure that differs between a file and the one it replaced at its address.
with placed as (
    select
        document_id,
        figure_id,
        value_text,
        page,
        y1,
        x0,
        if(
            source_kind = 'table',
            concat_ws(' | ', table_title, row_label, subject_code, column_path),
            concat_ws(
                ' | ', measure_id, statement_kind, period_year, fund_source, base,
                regexp_replace(breakdown, ';?direction=[a-z_]+', ''), subject_label
            )
        ) as place
    from prov.figure
),

printed as (
    select
        document_id,
        figure_id,
        value_text,
        place,
        row_number() over (partition by document_id, place order by page asc, y1 desc, x0 asc, figure_id asc) as copy
    from placed
),

revision as (
    select
        document_id,
        supersedes,
        disclosure_key
    from prov.document
    where supersedes is not null and status = 'read'
),

before as (
    select
        revision.document_id,
        printed.figure_id,
        printed.value_text,
        printed.place,
        printed.copy
    from revision
    inner join prov.document as replaced on revision.supersedes = replaced.document_id
    inner join printed on replaced.document_id = printed.document_id
    where replaced.status = 'read'
),

now as (
    select
        printed.document_id,
        printed.figure_id,
        printed.value_text,
        printed.place,
        printed.copy
    from revision
    inner join printed on revision.document_id = printed.document_id
),

paired as (
    select
        coalesce(now.document_id, before.document_id) as document_id,
        coalesce(now.place, before.place) as place,
        coalesce(now.copy, before.copy) as copy,
        before.value_text as old_text,
        now.value_text as new_text,
        before.figure_id as old_figure_id,
        now.figure_id as new_figure_id
    from now
    full join before
        on now.document_id = before.document_id and now.place = before.place and now.copy = before.copy
)

select
    paired.document_id,
    paired.place,
    paired.copy,
    revision.supersedes,
    revision.disclosure_key,
    paired.old_text,
    paired.new_text,
    paired.old_figure_id,
    paired.new_figure_id,
    case
        when paired.old_figure_id is null then 'added' when paired.new_figure_id is null then 'removed' else 'changed'
    end as change
from paired
inner join revision on paired.document_id = revision.document_id
where paired.old_text is distinct from paired.new_text
