-- Identities that fail or are doubtful, with what is printed on both sides and whose error it is. Amounts of one
-- document and unit that differ by rounding are doubtful too: copies of one number, and sums that do not quite add up.
-- What two checks find alike is listed once.
with doubtful as (
    select *
    from prov.check_result
    where
        verdict in ('minor', 'fail')
        or (
            verdict = 'rounding'
            and difference <> 0
            and check_id not in (
                'share_of_base', 'stated_percent_change', 'execution_rate', 'part_that_is_the_whole', 'other_account',
                'comparison_in_words'
            )
        )
        -- Words beside a number that says otherwise within its rounding.
        or (verdict = 'unevaluable' and check_id = 'comparison_in_words' and terms > 0)
),

numbered as (
    select distinct
        figure_ids,
        unnest(string_split(figure_ids, ' ')) as figure_id,
        generate_subscripts(string_split(figure_ids, ' '), 1) as place
    from doubtful
),

printed as (
    select
        numbered.figure_ids,
        string_agg(
            concat_ws(
                ' ', 'page', figure.page, nullif(figure.table_title, ''), nullif(figure.row_label, ''),
                nullif(figure.column_path, ''), figure.value_text
            ), '; '
        ) filter (where numbered.place = 1) as left_printed,
        string_agg(
            concat_ws(
                ' ', 'page', figure.page, coalesce(figure.subject_code, nullif(figure.row_label, '')), figure.value_text
            ), '; ' order by numbered.place
        ) filter (where numbered.place > 1) as right_printed,
        count(distinct figure.unit) = 1 as one_unit
    from numbered
    inner join prov.figure as figure on numbered.figure_id = figure.figure_id
    group by numbered.figure_ids
)

select
    doubtful.check_id,
    doubtful.document_id,
    doubtful.figure_ids,
    doubtful.subject,
    document.file_name,
    document.fiscal_year,
    doubtful.page,
    doubtful.lhs,
    doubtful.rhs,
    doubtful.difference,
    doubtful.tolerance,
    doubtful.verdict,
    coalesce(blame.whose_error, if(doubtful.verdict = 'rounding', 'publisher', 'unclear')) as whose_error,
    coalesce(
        blame.evidence, if(doubtful.verdict = 'rounding', 'rounding; not read again', 'not read again')
    ) as evidence,
    coalesce(department.name, document.department_name) as department_name,
    coalesce(printed.left_printed, '') as left_printed,
    coalesce(printed.right_printed, '') as right_printed
from doubtful
inner join prov.document as document on doubtful.document_id = document.document_id
left join core.dim_department as department on document.department_key = department.department_key
left join printed on doubtful.figure_ids = printed.figure_ids
left join prov.blame as blame on doubtful.check_id = blame.check_id and doubtful.figure_ids = blame.figure_ids
where doubtful.verdict <> 'rounding' or printed.one_unit
qualify
    row_number() over (
        partition by doubtful.document_id, list_sort(string_split(doubtful.figure_ids, ' ')), abs(doubtful.difference)
        order by doubtful.check_id, doubtful.subject
    ) = 1
