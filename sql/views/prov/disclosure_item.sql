-- What every disclosure owes, and what of it is there: a row for each table or stated figure that makes an item
-- present, and one without page for an item that is missing. Owed are the core tables, one of several where forms
-- differ, and what the text must state. `weight` is 1 for a table with figures or a note that it is empty, 0.5 for an
-- empty table without a word (财预〔2016〕143号 asks for empty tables to be published with a note) and for one with
-- numbers that is said to be empty, 0 for nothing. `figure_id` is the first figure of the table.
with owed (item, table_id, measure_id) as (
    values
    ('income_and_expenditure', 'T_TOTAL', null),
    ('revenue', 'T_REV', null),
    ('expenditure', 'T_EXP', null),
    ('fiscal_total', 'T_FISCAL_TOTAL', null),
    ('general_public_budget', 'T_GPB_EXP_FUNC', null),
    ('general_public_budget', 'T_FISCAL_EXP_FUNC', null),
    ('basic_by_economic_class', 'T_GPB_BASIC_ECON', null),
    ('basic_by_economic_class', 'T_FISCAL_BASIC_ECON', null),
    ('basic_by_economic_class', 'T_BASIC_ECON', null),
    ('three_public', 'T_TP', null),
    ('government_funds', 'T_GOVFUND', null),
    ('government_funds', null, 'expenditure gov_fund'),
    ('state_capital', 'T_SOC', null),
    ('state_capital', null, 'expenditure soc'),
    ('agency_running_cost', null, 'agency_running_cost'),
    ('procurement', null, 'procurement'),
    ('procurement', 'T_PROC', null),
    ('vehicles', null, 'asset_vehicle_count'),
    ('performance', null, 'performance_project_count'),
    ('performance', 'T_PERFORMANCE', null)
),

first_figure as (
    select
        document_id,
        table_no,
        arg_min(figure_id, (row_no, x0, figure_id)) as figure_id,
        bool_or(value <> 0) as has_numbers
    from prov.figure
    where table_no is not null and value is not null
    group by document_id, table_no
),

stated as (
    select
        document.disclosure_key,
        figure.document_id,
        figure.page,
        figure.figure_id,
        unnest([figure.measure_id, concat_ws(' ', figure.measure_id, figure.fund_source)]) as measure_id,
        figure.page * 10000 - figure.y1 as place
    from prov.figure as figure
    inner join prov.document as document on figure.document_id = document.document_id
    where figure.measure_id is not null
),

found as (
    select
        document.disclosure_key,
        page_table.table_id,
        null as measure_id,
        if(
            page_table.state = 'blank' or (page_table.empty_note <> '' and first_figure.has_numbers), 0.5, 1.0
        ) as weight,
        page_table.document_id,
        page_table.first_page as page,
        first_figure.figure_id,
        concat_ws(' ', page_table.table_title, if(page_table.state = 'read', null, page_table.state)) as what
    from prov.document_table as page_table
    inner join prov.document as document on page_table.document_id = document.document_id
    left join first_figure
        on page_table.document_id = first_figure.document_id and page_table.table_no = first_figure.table_no
    where page_table.table_id is not null
    union all
    select
        disclosure_key,
        null as table_id,
        measure_id,
        1.0 as weight,
        document_id,
        arg_min(page, place) as page,
        arg_min(figure_id, (place, figure_id)) as figure_id,
        measure_id as what
    from stated
    group by disclosure_key, measure_id, document_id
)

select
    disclosure.disclosure_key,
    owed.item,
    coalesce(found.weight, 0) as weight,
    found.document_id,
    found.page,
    found.figure_id,
    found.what
from core.dim_document as disclosure
cross join owed
left join found
    on
        disclosure.disclosure_key = found.disclosure_key
        and (owed.table_id = found.table_id or owed.measure_id = found.measure_id)
