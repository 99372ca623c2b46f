-- What is printed several times in one account is the same each time: in several tables, and in the text. Total income,
-- total expenditure and the total of both are one amount. Copies that differ by no more than their rounding agree; a
-- table or text that prints several amounts for the same axes is finer than these axes and has no copy. Lists of
-- purchases and projects are such, and so is revenue in a table that counts the carry-over among it.
-- Counts of organisations depend on who counts.
-- Demands: the same amount in both places
-- 要求: 同一数字两处一致
-- Source: 《预算法》第七十五条: 收支真实、数额准确; one amount has one value
with value as (
    select
        *,
        if(source_kind = 'text', 'text ' || document_id, document_id || ' ' || table_no) as place,
        concat_ws(
            ' ', if(measure_id in ('total_in', 'total_out'), replace(axes, measure_id, 'total_in_out'), axes), stage
        ) as grain,
        bool_or(measure_id = 'opening_balance') over (partition by document_id, table_no) as carried
    from prov.printed_value
    where
        statement_kind in ('level', 'count')
        and measure_id is not null
        and measure_id <> 'organisation_count'
        and coalesce(table_id, '') not in ('T_PROC', 'T_PROJECT', 'T_PERFORMANCE')
),

-- One copy of each number in each place; the text may hold several numbers, each of them a copy.
copy as (
    select *
    from value
    where not (coalesce(table_id, '') = 'T_REV' and carried and measure_id = 'revenue')
    qualify
        row_number() over (partition by account, grain, place, number order by page, figure_id) = 1
        and (source_kind = 'text' or count(distinct number) over (partition by account, grain, place) = 1)
),

counted as (
    select
        *,
        count(*) over (partition by account, grain, number) as same
    from copy
),

reference as (
    select *
    from counted
    qualify
        row_number() over (
            partition by account, grain
            order by same desc, source_kind asc, half_unit asc, document_id asc, page asc, figure_id asc
        ) = 1
),

compared as (
    select
        copy.document_id,
        copy.disclosure_key,
        copy.page,
        copy.number as lhs,
        reference.number as rhs,
        copy.half_unit + reference.half_unit as tolerance,
        1 as terms,
        copy.figure_id || ' ' || reference.figure_id as figure_ids,
        concat_ws(
            ' ', copy.axes, copy.stage, '·', coalesce(nullif(copy.table_title, ''), 'text'), '=',
            coalesce(nullif(reference.table_title, ''), 'text'), 'page', reference.page
        ) as subject,
        -- A number of the text that differs may be about a part: when another number of the text is the same as the
        -- reference, and when no table says what it should be.
        copy.source_kind = 'text'
        and (
            reference.source_kind = 'text'
            or bool_or(copy.source_kind = 'text' and abs(copy.number - reference.number) <= copy.half_unit)
                over (partition by copy.account, copy.grain)
        ) as doubtful
    from counted as copy
    inner join reference on copy.account = reference.account and copy.grain = reference.grain
    where copy.figure_id <> reference.figure_id
)

select * from prov.judged('compared')
