-- The rows of a table have the names that subjects have in the account's own year. The list is renamed now and then,
-- and a form copied from an earlier year keeps the old names. One row for each table that names functional subjects:
-- how many it names, and how many of these names are in use. Rows without a figure count too. An old name misleads
-- nobody about an amount, so it is minor.
-- Demands: names of subjects = those in use in the year
-- 要求: 科目名称 = 当年科目名称
-- Source: 《政府收支分类科目》 of the year
-- Proves: names
with name as (
    select
        prov.name_key(name) as key,
        min(name) as name,
        min(code) as code,
        max(coalesce(valid_to_year, 9999)) as last_year
    from ref.subject_code
    where code_system = 'functional'
    group by prov.name_key(name)
),

label as (
    select
        document_id,
        table_no,
        prov.name_key(unnest(string_split(blank_labels, chr(10)))) as key
    from prov.document_table
    where blank_labels <> ''
    union
    select
        document_id,
        table_no,
        prov.name_key(row_label) as key
    from prov.figure
    where source_kind = 'table' and row_label <> ''
),

figure as (
    select
        document_id,
        table_no,
        string_agg(figure_id, ' ' order by row_no, figure_id) as figure_ids
    from prov.figure
    where source_kind = 'table' and value is not null
    group by document_id, table_no
),

named as (
    select
        label.document_id,
        label.table_no,
        count(*) as names,
        count_if(name.last_year >= document.fiscal_year) as in_use,
        string_agg(
            format('{} ({} until {})', name.name, name.code, name.last_year), ', ' order by name.code, name.name
        ) filter (where name.last_year < document.fiscal_year) as old_names,
        any_value(document.disclosure_key) as disclosure_key
    from label
    inner join name on label.key = name.key
    inner join prov.document as document on label.document_id = document.document_id
    where document.fiscal_year is not null
    group by label.document_id, label.table_no
)

select
    named.document_id,
    named.disclosure_key,
    concat_ws(' · ', page_table.table_title, 'names of subjects in use in the year', named.old_names) as subject,
    named.names as lhs,
    named.in_use as rhs,
    named.names - named.in_use as difference,
    0 as tolerance,
    named.names as terms,
    if(named.names = named.in_use, 'exact', 'minor') as verdict,
    coalesce(figure.figure_ids, '') as figure_ids,
    page_table.first_page as page
from named
inner join prov.document_table as page_table
    on named.document_id = page_table.document_id and named.table_no = page_table.table_no
left join figure on named.document_id = figure.document_id and named.table_no = figure.table_no
where page_table.table_id is not null
