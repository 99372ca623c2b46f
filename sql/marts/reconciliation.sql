-- Identities that fail or are doubtful, with what is printed on both sides and whose error it is. Amounts of one
-- document and unit that differ by rounding are doubtful too: copies of one number, and sums that do not quite add up.
-- What two checks find alike is listed once. The first figure is told in full, of each further one only what is not as
-- in the one before: file, page, table, row, column or sentence.
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

worded as (
    select
        numbered.figure_ids,
        numbered.place,
        figure.unit,
        figure.sentence,
        document.file_name,
        word.page,
        word.table_title,
        word.row_words,
        word.column_words,
        word.sentence_words,
        word.printed,
        numbered.place > 1 and figure.value = 0 as is_zero,
        count_if(numbered.place > 1 and figure.value = 0) over (partition by numbered.figure_ids) > 3 as zeros_counted
    from numbered
    inner join prov.figure as figure on numbered.figure_id = figure.figure_id
    inner join prov.document as document on figure.document_id = document.document_id
    inner join prov.figure_words as word on numbered.figure_id = word.figure_id
),

beside as (
    select
        *,
        lag(file_name) over one_before as file_before,
        lag(page) over one_before as page_before,
        lag(table_title) over one_before as table_before,
        lag(row_words) over one_before as row_before,
        lag(column_words) over one_before as column_before,
        lag(sentence) over one_before as sentence_before
    from worded
    where not (is_zero and zeros_counted)
    window one_before as (partition by figure_ids order by place)
),

told as (
    select
        figure_ids,
        place,
        concat_ws(
            ': ',
            nullif(
                concat_ws(
                    ', ',
                    if(place > 1 and file_name <> file_before, file_name, null),
                    if(file_name is distinct from file_before or page <> page_before, 'page ' || page, null),
                    if(table_title is distinct from table_before, table_title, null),
                    if(row_words is distinct from row_before, row_words, null),
                    if(column_words is distinct from column_before, column_words, null),
                    if(sentence is distinct from sentence_before, '“' || sentence_words || '”', null)
                ), ''
            ),
            printed
        ) as words
    from beside
),

sides as (
    select
        figure_ids,
        string_agg(words, '; ') filter (where place = 1) as left_printed,
        string_agg(words, '; ' order by place) filter (where place > 1) as right_printed
    from told
    group by figure_ids
),

printed as (
    select
        sides.figure_ids,
        sides.left_printed,
        concat_ws(
            '; ',
            sides.right_printed,
            if(any_value(worded.zeros_counted), format('{} printed zeros', count_if(worded.is_zero)), null)
        ) as right_printed,
        count(distinct worded.unit) = 1 as one_unit
    from sides
    inner join worded on sides.figure_ids = worded.figure_ids
    group by sides.figure_ids, sides.left_printed, sides.right_printed
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
    coalesce(rule.demands, '') as demands,
    concat_ws(
        ' · ', coalesce(measure.name_zh, nullif(figure.table_title, '')), fund.name_zh,
        coalesce(nullif(figure.subject_label, ''), figure.subject_code), cast(figure.period_year as varchar)
    ) as about,
    coalesce(blame.whose_error, if(doubtful.verdict = 'rounding', 'publisher', 'unclear')) as whose_error,
    coalesce(
        blame.evidence, if(doubtful.verdict = 'rounding', 'rounding; not read again', 'not read again')
    ) as evidence,
    coalesce(department.name, document.department_name) as department_name,
    coalesce(printed.left_printed, concat_ws(': ', 'page ' || doubtful.page, doubtful.subject)) as left_printed,
    coalesce(nullif(printed.right_printed, ''), 'nothing printed') as right_printed
from doubtful
inner join prov.document as document on doubtful.document_id = document.document_id
left join core.dim_department as department on document.department_key = department.department_key
left join printed on doubtful.figure_ids = printed.figure_ids
left join prov.figure as figure on string_split(doubtful.figure_ids, ' ')[1] = figure.figure_id
left join core.dim_measure as measure on figure.measure_id = measure.measure_id
left join core.dim_fund as fund on figure.fund_source = fund.fund_source
left join prov.check_rule as rule on doubtful.check_id = rule.check_id
left join prov.blame as blame on doubtful.check_id = blame.check_id and doubtful.figure_ids = blame.figure_ids
where doubtful.verdict <> 'rounding' or printed.one_unit
qualify
    row_number() over (
        partition by doubtful.document_id, list_sort(string_split(doubtful.figure_ids, ' ')), abs(doubtful.difference)
        order by doubtful.check_id, doubtful.subject
    ) = 1
