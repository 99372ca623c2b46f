-- Rows of tables that account for themselves: their largest amount is printed twice, or is the sum of the others. What
-- else of such a row is blank is nothing.
select
    document_id,
    table_no,
    row_no,
    row_label
from prov.figure
where source_kind = 'table' and value is not null and unit is not null
group by document_id, table_no, row_no, row_label
having max(value) > 0 and count(*) > 1 and (sum(value) = 2 * max(value) or max(value) = max(value, 2)[2])
