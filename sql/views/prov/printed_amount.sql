-- Printed money, in 元, with half of its last printed unit.
select
    figure_id,
    document_id,
    disclosure_key,
    page,
    source_kind,
    table_no,
    table_id,
    table_title,
    row_no,
    row_label,
    column_path,
    code_system,
    measure_id,
    statement_kind,
    fund_source,
    nature,
    stage,
    period_year,
    base,
    breakdown,
    amount_yuan,
    axes,
    account,
    code,
    half_unit as half_unit_yuan
from prov.printed_value
where is_money
