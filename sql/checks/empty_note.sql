-- A table whose note declares it empty prints no number but zeros, and one that prints numbers carries no such note. A
-- zero is a number, but says what the note says. Only levels of the account's own year are asked for where there are
-- years or changes: what was there last year may be printed beside.
-- Demands: a table declared empty prints nothing but zeros
-- 要求: 所称空表无数字
-- Source: 《地方预决算公开操作规程》(财预〔2016〕143号): tables without content are published with a note
with noted as (
    select
        page_table.*,
        document.disclosure_key,
        document.fiscal_year
    from prov.document_table as page_table
    inner join prov.document as document on page_table.document_id = document.document_id
    where page_table.empty_note <> ''
),

number as (
    select
        noted.document_id,
        noted.table_no,
        figure.figure_id,
        coalesce(figure.amount_yuan, figure.value, 0) as number,
        coalesce(figure.period_year <> noted.fiscal_year, false)
        or coalesce(figure.statement_kind not in ('level', 'count'), false) as of_other_year
    from noted
    inner join prov.figure as figure on noted.document_id = figure.document_id and noted.table_no = figure.table_no
),

counted as (
    select
        document_id,
        table_no,
        coalesce(max_by(number, abs(number)) filter (where not of_other_year), 0) as largest,
        count_if(number <> 0 and not of_other_year) as numbers,
        count_if(number <> 0 and of_other_year) as others,
        string_agg(figure_id, ' ' order by of_other_year asc, abs(number) desc, figure_id asc)
        filter (where number <> 0) as nonzero_ids,
        string_agg(figure_id, ' ' order by figure_id) as all_ids
    from number
    group by all
)

select
    noted.document_id,
    noted.disclosure_key,
    concat_ws(' ', noted.table_title, '·', noted.empty_note) as subject,
    counted.largest as lhs,
    0 as rhs,
    counted.largest as difference,
    0 as tolerance,
    counted.numbers as terms,
    case
        when counted.numbers > 0 then 'fail'
        when counted.others > 0 then 'unevaluable'
        else 'exact'
    end as verdict,
    coalesce(counted.nonzero_ids, counted.all_ids) as figure_ids,
    noted.empty_note_page as page
from noted
inner join counted on noted.document_id = counted.document_id and noted.table_no = counted.table_no
