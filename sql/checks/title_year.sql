-- A year printed in the title of an official table, or of a part of the text, is the year of its document.
-- Demands: year in the title = year of the document
-- 要求: 标题所载年度 = 文件年度
-- Source: the form: a title carries the year of the account
with title as (
    select
        document_id,
        table_title as words,
        first_page as page,
        '' as figure_ids
    from prov.document_table
    where table_id is not null
    union all
    select
        document_id,
        value_text as words,
        page,
        figure_id as figure_ids
    from prov.figure
    where statement_kind = 'title'
),

titled as (
    select
        title.*,
        document.disclosure_key,
        document.fiscal_year,
        try_cast(regexp_extract(title.words, '(20[0-9][0-9])年', 1) as int) as title_year
    from title
    inner join prov.document as document on title.document_id = document.document_id
    where document.fiscal_year is not null
)

select
    document_id,
    disclosure_key,
    concat_ws(' ', words, '· year in the title = year of the document') as subject,
    title_year as lhs,
    fiscal_year as rhs,
    title_year - fiscal_year as difference,
    0 as tolerance,
    1 as terms,
    if(title_year = fiscal_year, 'exact', 'fail') as verdict,
    figure_ids,
    page
from titled
where title_year is not null
