-- The names that the text lists as parts of basic expenditure (人员经费…主要包括：基本工资、…) are those of rows of the
-- account's tables. Lists may be longer than the table (the form's own words) or shorter, so only two differences are
-- errors: a name that is one character off a row's that is not listed, and a single name without a row beside a single
-- row without a name. A name that holds the other is a variant of it.
-- Demands: names listed in the text = names in the tables
-- 要求: 文字所列科目 = 表中科目
-- Source: 《政府收支分类科目》: one name for each economic class
-- Proves: names
with listed as (
    select
        meaning.account,
        meaning.document_id,
        meaning.disclosure_key,
        meaning.nature,
        meaning.stage,
        meaning.period_year,
        meaning.page,
        meaning.figure_id,
        named.name,
        named.key,
        concat_ws(' ', meaning.document_id, meaning.fund_source, meaning.nature, meaning.sentence) as list
    from prov.printed_meaning as meaning
    inner join prov.subject_name as named on meaning.figure_id = named.figure_id
    where meaning.statement_kind = 'named_part'
),

-- Rows of basic expenditure: 301 and 303 are for people, all others public.
printed as (
    select
        value.account,
        value.code,
        value.stage,
        value.period_year,
        named.name,
        named.key,
        if(left(value.code, 3) in ('301', '303'), 'basic_personnel', 'basic_public') as nature,
        min_by(value.figure_id, concat_ws(' ', value.page, value.figure_id)) as figure_id
    from prov.printed_value as value
    inner join prov.subject_name as named on value.figure_id = named.figure_id
    where
        value.source_kind = 'table'
        and value.code_system = 'department_economic'
        and length(value.code) = 5
        and value.measure_id = 'expenditure'
        and value.statement_kind = 'level'
        and starts_with(value.nature, 'basic')
        and value.is_money
        and value.number <> 0
    group by all
),

-- Which listed name and which row are one: by the name, or by a name that holds the other.
paired as (
    select
        listed.list,
        listed.figure_id as listed_id,
        printed.code,
        listed.key,
        printed.key as row_key
    from listed
    inner join printed
        on
            listed.account = printed.account
            and listed.nature = printed.nature
            and listed.stage = printed.stage
            and listed.period_year = printed.period_year
),

same as (
    select * from paired
    where contains(key, row_key) or contains(row_key, key)
),

rowless as (
    select * from listed
    where
        list in (select paired.list from paired)
        and figure_id not in (select same.listed_id from same)
),

unnamed as (
    select distinct
        paired.list,
        paired.code
    from paired
    anti join same on paired.list = same.list and paired.code = same.code
),

-- A row has a key for each part of its label.
candidate as (
    select
        rowless.list,
        rowless.figure_id as listed_id,
        printed.code,
        rowless.page,
        rowless.name,
        printed.name as row_name,
        printed.figure_id as row_id,
        rowless.key,
        printed.key as row_key,
        count(distinct rowless.figure_id) over (partition by rowless.list) = 1
        and count(distinct printed.code) over (partition by rowless.list) = 1 as only_ones
    from rowless
    inner join unnamed on rowless.list = unnamed.list
    inner join printed
        on
            rowless.account = printed.account
            and rowless.nature = printed.nature
            and rowless.stage = printed.stage
            and rowless.period_year = printed.period_year
            and unnamed.code = printed.code
),

told_apart as (
    select
        *,
        length(key) = length(row_key)
        and len(
            list_filter(range(1, length(key) + 1), lambda spot: substr(key, spot, 1) <> substr(row_key, spot, 1))
        ) = 1 as one_off
    from candidate
),

misnamed as (
    select * from told_apart
    where one_off or only_ones
    qualify row_number() over (partition by listed_id order by one_off desc, code asc, row_id asc) = 1
),

tried as (
    select
        listed.list,
        any_value(listed.document_id) as document_id,
        any_value(listed.disclosure_key) as disclosure_key,
        any_value(listed.nature) as nature,
        min(listed.page) as page,
        count(*) as lhs,
        count(*) - count(rowless.figure_id) as rhs,
        string_agg(listed.figure_id, ' ' order by listed.page, listed.figure_id) as listed_ids,
        string_agg(misnamed.listed_id || ' ' || misnamed.row_id, ' ' order by misnamed.code, misnamed.row_id)
            as misnamed_ids,
        string_agg(misnamed.name || ' for ' || misnamed.code || ' ' || misnamed.row_name, ', ' order by misnamed.code)
            as misnamed_words,
        min(misnamed.page) as misnamed_page
    from listed
    left join rowless on listed.figure_id = rowless.figure_id
    left join misnamed on listed.figure_id = misnamed.listed_id
    where listed.list in (select paired.list from paired)
    group by listed.list
)

select
    tried.document_id,
    tried.disclosure_key,
    concat(tried.nature, ' · names listed in the text = names in the tables', ': ' || tried.misnamed_words) as subject,
    tried.lhs,
    tried.rhs,
    tried.lhs - tried.rhs as difference,
    0 as tolerance,
    tried.rhs as terms,
    case
        when tried.misnamed_ids is not null then 'fail'
        when tried.lhs = tried.rhs and tried.list not in (select unnamed.list from unnamed) then 'exact'
        else 'unevaluable'
    end as verdict,
    coalesce(tried.misnamed_ids, tried.listed_ids) as figure_ids,
    coalesce(tried.misnamed_page, tried.page) as page
from tried
