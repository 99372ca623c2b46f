-- How two printed amounts are judged: the one place for tolerance and verdict. A check says what is compared and hands
-- it over: pairs of a whole and each of its parts to prov.sums, sides it has computed itself to prov.judged.

-- How far two sides are apart. Up to `tolerance` rounding of the printed digits explains it. Up to three times that is
-- minor, and so are small sums of money up to `least` 元; least := 0 for percents and counts. Where the terms may be
-- incomplete a difference says nothing: `doubtful`.
create macro prov.verdict(lhs, rhs, tolerance, doubtful := false, least := 500) as
case
    when rhs is null then 'unevaluable'
    when lhs = rhs then 'exact'
    when abs(lhs - rhs) <= tolerance then 'rounding'
    when doubtful then 'unevaluable'
    when abs(lhs - rhs) <= greatest(3 * tolerance, least) then 'minor'
    else 'fail'
end;

-- Whether a blank cell of a table is nothing rather than not known: where its sums hold as a rule, those with their
-- blanks left out too.
create macro prov.blank_is_nothing(some_blank, holds, document_id, table_no) as
count_if(some_blank and holds) over (partition by document_id, table_no)
> 2 * count_if(some_blank and not holds) over (partition by document_id, table_no)
or count_if(holds) over (partition by document_id, table_no)
> 10 * count_if(not holds) over (partition by document_id, table_no);

-- Where a figure of a table stands, for people.
create macro prov.cell(figure) as
concat_ws(' ', figure.table_title, figure.code, figure.row_label, '·', figure.column_path);

-- The result of a check whose sides are known: `compared` is the name of a CTE with document_id, disclosure_key,
-- subject, lhs, rhs, tolerance, terms, doubtful, figure_ids and page.
create macro prov.judged(compared, least := 500) as table
select
    document_id,
    disclosure_key,
    subject,
    lhs,
    rhs,
    lhs - rhs as difference,
    tolerance,
    terms,
    prov.verdict(lhs, rhs, tolerance, doubtful := doubtful, least := least) as verdict,
    figure_ids,
    page
from query_table(compared);

-- The result of a check of sums: `pairs` is the name of a CTE with a row for each part that a whole has: `whole` and
-- `part`, rows of prov.printed_amount, the part empty where it is not printed; `place`, the order of the parts;
-- `subject`, of which one whole may have several, each a sum of its own; `blank`, whether the part is not printed and
-- may be anything; and `doubtful`, whether there may be parts beyond these. The tolerance is half the last printed unit
-- of each term. A blank makes a sum that differs unevaluable, but in a table where blanks are nothing; there a whole is
-- tried that has blank parts only.
create macro prov.sums(pairs) as table
with summed as (
    select
        any_value(whole.document_id) as document_id,
        any_value(whole.disclosure_key) as disclosure_key,
        any_value(whole.table_no) as table_no,
        any_value(whole.page) as page,
        subject,
        any_value(whole.amount_yuan) as lhs,
        coalesce(sum(part.amount_yuan), 0) as rhs,
        any_value(whole.half_unit_yuan) + coalesce(sum(part.half_unit_yuan), 0) as tolerance,
        count(part.figure_id) as terms,
        bool_or(blank) as some_blank,
        bool_or(doubtful) as doubtful,
        concat_ws(' ', whole.figure_id, string_agg(part.figure_id, ' ' order by place, part.figure_id)) as figure_ids
    from query_table(pairs)
    group by whole.figure_id, subject
),

blanks as (
    select
        *,
        prov.blank_is_nothing(some_blank, if(terms > 0, abs(lhs - rhs) <= tolerance, null), document_id, table_no)
            as blank_is_nothing
    from summed
),

tried as (
    select * replace (doubtful or (some_blank and not blank_is_nothing) as doubtful)
    from blanks
    where terms > 0 or (blank_is_nothing and lhs <> 0)
)

select * from prov.judged('tried');
