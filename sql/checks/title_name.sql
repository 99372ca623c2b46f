-- The title of a part of the text names the department, not the stand-in of the form it was copied from (XX局). Counted
-- are the characters of stand-ins.
-- Demands: title names the department
-- 要求: 标题写明部门名称
-- Source: the form: stand-ins are to be filled in
with title as (
    select
        figure.figure_id,
        figure.document_id,
        figure.page,
        figure.value_text,
        document.disclosure_key,
        length(regexp_extract(figure.value_text, '[XxＸｘ×＊*○〇]{2,}')) as stand_in
    from prov.figure as figure
    inner join prov.document as document on figure.document_id = document.document_id
    where figure.statement_kind = 'title'
)

select
    document_id,
    disclosure_key,
    concat_ws(' ', value_text, '· names the department') as subject,
    stand_in as lhs,
    0 as rhs,
    stand_in as difference,
    0 as tolerance,
    1 as terms,
    if(stand_in = 0, 'exact', 'fail') as verdict,
    figure_id as figure_ids,
    page
from title
