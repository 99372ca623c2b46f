-- A year printed in the title of an official table is the year of its document.
-- Law: I23
with titled as (
    select
        page_table.*,
        document.disclosure_key,
        document.fiscal_year,
        try_cast(regexp_extract(page_table.table_title, '(20[0-9][0-9])年', 1) as int) as title_year
    from prov.document_table as page_table
    inner join prov.document as document on page_table.document_id = document.document_id
    where page_table.table_id is not null and document.fiscal_year is not null
)

select
    document_id,
    disclosure_key,
    concat_ws(' ', table_title, '· year in the title = year of the document') as subject,
    title_year as lhs,
    fiscal_year as rhs,
    title_year - fiscal_year as difference,
    0 as tolerance,
    1 as terms,
    if(title_year = fiscal_year, 'exact', 'fail') as verdict,
    '' as figure_ids,
    first_page as page
from titled
where title_year is not null
