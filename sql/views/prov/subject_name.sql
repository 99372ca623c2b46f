-- The names of subjects that figures print, one row for each: of a table row every part of its label (two
-- classifications may stand side by side), of text the last of 类/款/项. `key` is what variants of one name have in
-- common: brackets, 的, the endings 支出 and 费, ordinals and 其它 for 其他 differ from document to document. `lei_key` is
-- that of the first of 类/款/项, where text names more than one.
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
        regexp_replace(
            regexp_replace(
                replace(name, '其它', '其他'),
                '^(其中[:：]|[一二三四五六七八九十]+[、.．]|[(（][一二三四五六七八九十0-9]+[)）]|[0-9]{1,2}[、.．])'
                || '|[(（](类|款|项|科目)[)）]|[()（）〔〕、,，·“”"的\s]', '', 'g'
            ),
            '(支出|费用|费)+$', ''
        ) as key
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
