-- Printed figures and words with what they are about. `axes` is all of that but the stage: equal axes make printed
-- copies of one number. `account` is what belongs together: the files of one disclosure, or a single file where files
-- are in conflict. `direction` is what a comparison in words says: less, greater, equal or about_equal.
select
    figure.figure_id,
    figure.document_id,
    figure.page,
    figure.source_kind,
    figure.table_no,
    figure.table_id,
    figure.table_title,
    figure.row_no,
    figure.row_label,
    figure.column_path,
    figure.code_system,
    figure.measure_id,
    figure.statement_kind,
    figure.fund_source,
    figure.nature,
    figure.stage,
    figure.period_year,
    figure.base,
    figure.breakdown,
    figure.subject_label,
    figure.value_text,
    figure.value,
    figure.unit,
    figure.amount_yuan,
    figure.sentence,
    document.disclosure_key,
    document.department_key,
    document.fiscal_year as account_year,
    document.kind as account_kind,
    document.scope,
    nullif(regexp_extract(figure.breakdown, 'direction=([a-z_]+)', 1), '') as direction,
    if(
        document.outcome = 'conflict', document.document_id, coalesce(document.disclosure_key, document.document_id)
    ) as account,
    coalesce(figure.subject_code, figure.subject_code_inferred) as code,
    concat_ws(
        ' ', figure.measure_id, figure.fund_source, nullif(figure.nature, 'total'),
        coalesce(figure.subject_code, figure.subject_code_inferred, nullif(figure.subject_label, '')),
        nullif(regexp_replace(figure.breakdown, ';?direction=[a-z_]+', ''), ''), figure.period_year
    ) as axes
from prov.figure as figure
inner join prov.document as document on figure.document_id = document.document_id
