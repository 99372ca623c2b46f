-- What became of every registered file: what it is, what was read and what not, and why, in words.
with figure as (
    select
        document_id,
        count(measure_id) as with_measure
    from prov.figure
    where value_state <> 'word'
    group by document_id
),

chosen as (
    select
        figure.document_id,
        count(*) as facts
    from (
        select figure_id from core.fact_amount
        union all
        select figure_id from core.fact_metric
    ) as fact
    inner join prov.figure as figure on fact.figure_id = figure.figure_id
    group by figure.document_id
),

conflict as (
    select
        document_id,
        count(*) as conflicts
    from prov.conflict
    group by document_id
),

unrecognised as (
    select
        document_id,
        string_agg(
            format(
                '{} (page {}{})',
                if(table_title = '', 'untitled', table_title),
                first_page,
                if(candidates = '', '', '; nearest: ' || candidates)
            ),
            '; ' order by table_no
        ) as tables
    from prov.document_table
    where table_id is null
    group by document_id
),

-- Where no rulings part the cells only numbers are confirmed by the second reading.
unruled as (
    select
        document_id,
        count(*) as tables,
        format(
            'tables without rulings, whose cells were told from aligned words: {}, the first on page {}',
            count(*), min(first_page)
        ) as reason
    from prov.document_table
    where contains(engine, 'alignment')
    group by document_id
),

blocked as (
    select
        document_id,
        count(*) as figures,
        format('figures that make no fact, as two readings differ: {}, such as {}', count(*), min(reason)) as reason
    from prov.blocked_figure
    group by document_id
),

unread as (
    select
        document_id,
        format(
            'amounts within tables that were not read: {}, such as {} on page {}',
            count(*), arg_min(text, (page, text)), min(page)
        ) as reason
    from prov.rereading
    where reader = 'unread'
    group by document_id
),

quarantine as (
    select
        document_id,
        count(*) as quarantined
    from prov.quarantine
    group by document_id
)

select
    document.document_id,
    document.file_name,
    document.link_title,
    document.title,
    document.fiscal_year,
    document.kind,
    document.scope,
    document.part,
    document.status,
    document.page_count,
    document.figures,
    document.tables_recognised,
    document.tables_unrecognised,
    document.pages_image_only,
    document.unconserved_tables,
    document.fallback_pages,
    document.partition,
    document.disclosure_key,
    document.outcome,
    coalesce(department.name, document.department_name) as department_name,
    coalesce(department.region_name, document.region_name) as region_name,
    concat_ws(
        '; ', nullif(if(document.outcome_reason <> '', document.outcome_reason, document.reason), ''), blocked.reason,
        unread.reason,
        unruled.reason
    ) as reason,
    coalesce(unrecognised.tables, '') as unrecognised_tables,
    coalesce(unruled.tables, 0) as tables_unruled,
    coalesce(figure.with_measure, 0) as figures_with_measure,
    coalesce(chosen.facts, 0) as facts,
    coalesce(conflict.conflicts, 0) as conflicts,
    coalesce(blocked.figures, 0) as blocked,
    coalesce(quarantine.quarantined, 0) as quarantined
from prov.document as document
left join core.dim_department as department on document.department_key = department.department_key
left join figure on document.document_id = figure.document_id
left join chosen on document.document_id = chosen.document_id
left join conflict on document.document_id = conflict.document_id
left join unrecognised on document.document_id = unrecognised.document_id
left join quarantine on document.document_id = quarantine.document_id
left join blocked on document.document_id = blocked.document_id
left join unruled on document.document_id = unruled.document_id
left join unread on document.document_id = unread.document_id
