-- The names of subjects that figures print, one row for each: of a table row every part of its label (two
-- classifications may stand side by side), of text the last of 类/款/项. `key` is what variants of one name have in
-- common, `lei_key` that of the first of 类/款/项, where text names more than one.
with named as (
    select
        figure_id,
        source_kind,
        unnest(string_split(if(source_kind = 'text', subject_label, row_label), '/')) as name,
        generate_subscripts(string_split(if(source_kind = 'text', subject_label, row_label), '/'), 1) as place,
        len(string_split(if(source_kind = 'text', subject_label, row_label), '/')) as depth
    from prov.figure
    where measure_id = 'expenditure'
),

keyed as (
    select
        *,
        prov.name_key(name) as key
    from named
    where name <> ''
)

select
    figure_id,
    name,
    key,
    depth,
    first(key) over (partition by figure_id order by place) as lei_key
from keyed
where key <> ''
qualify source_kind = 'table' or place = depth
