-- One row per grain: mart.document_outcome has every registered file, and each once.
-- Severity: error
select
    null as document_id,
    null as disclosure_key,
    'rows = registered files' as subject,
    count(outcome.document_id) as lhs,
    count(distinct document.document_id) as rhs,
    count(outcome.document_id) - count(distinct document.document_id) as difference,
    0 as tolerance,
    1 as terms,
    case when count(outcome.document_id) = count(distinct document.document_id) then 'exact' else 'fail' end as verdict,
    '' as figure_ids,
    null as page
from prov.document as document
full join mart.document_outcome as outcome on document.document_id = outcome.document_id
