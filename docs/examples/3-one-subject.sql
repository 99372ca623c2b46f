-- Who spends how much on pension contributions (subject 2080505), and on which page is that printed? (元)
select
    department.name as department,
    fact.fiscal_year as year,
    fact.stage,
    fact.amount_yuan as amount,
    figure.value_text as printed,
    figure.unit,
    figure.page,
    document.file_name as file
from core.fact_amount as fact
inner join core.dim_department as department using (department_key)
inner join core.dim_subject as subject using (subject_key)
inner join prov.figure as figure using (figure_id)
inner join prov.document as document using (document_id)
where
    subject.code = '2080505'
    and fact.measure_id = 'expenditure'
    and fact.nature = 'total'
    and fact.statement_kind = 'level'
    and fact.breakdown = ''
qualify
    row_number() over (
        partition by fact.department_key, fact.fiscal_year, fact.stage, fact.scope
        order by list_position(['all', 'fiscal', 'gpb'], fact.fund_source)
    ) = 1
order by amount desc
