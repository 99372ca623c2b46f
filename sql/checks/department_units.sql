-- What a department's account prints, against the accounts that its units publish by themselves: a unit's row in the
-- department's tables is the unit's own amount, and where all units are known the department is their sum. What units
-- pay to each other is left out of the department's account, so that amounts of all funds that differ are unevaluable;
-- appropriations do not pass from unit to unit. While units are missing, those that are known may not have more
-- appropriations than the department.
-- Demands: department = its units in their own accounts
-- 要求: 部门数 = 所属单位数之和
-- Source: 《预算法》第八条: a department's budget consists of its own and those of its units
with amount as (
    select
        *,
        coalesce(scope, 'department') = 'department' as of_department,
        regexp_extract(breakdown, '(?:^|;)unit=([^;]*)', 1) as unit_name,
        concat_ws(
            ' ', measure_id, fund_source, nullif(nature, 'total'), code, stage,
            nullif(trim(regexp_replace(breakdown, '(^|;)unit=[^;]*', ''), ';'), '')
        ) as grain
    from prov.printed_value
    where
        is_money
        and statement_kind = 'level'
        and measure_id is not null
        and department_key is not null
        and period_year = account_year
        and coalesce(table_id, '') not in ('T_PROC', 'T_PROJECT', 'T_PERFORMANCE')
    window copies as (partition by account, unit_name, grain, source_kind)
    -- An account has one number for a grain, that of its tables first, printed finest; copies differ by rounding only.
    qualify
        max(number) over copies - min(number) over copies <= 2 * max(half_unit) over copies
        and row_number() over (
            partition by account, unit_name, grain order by source_kind, half_unit, document_id, page, figure_id
        ) = 1
),

-- The units that publish one account of their own, of how many.
published as (
    select distinct
        account,
        department_key as unit_key,
        account_year,
        account_kind
    from amount
    where not of_department
    qualify count(distinct account) over (partition by department_key, account_year, account_kind) = 1
),

known as (
    select
        covered.department_key,
        covered.unit_key,
        published.account_year,
        published.account_kind,
        published.account,
        covered.units,
        covered.complete and count(*) over (partition by covered.department_key, covered.fiscal_year, covered.kind)
        = covered.units as all_known
    from (
        select
            *,
            count(*) over (partition by department_key, fiscal_year, kind) as units
        from core.bridge_department_unit
        where budgeted_separately
    ) as covered
    inner join published
        on
            covered.unit_key = published.unit_key
            and covered.fiscal_year = published.account_year
            and covered.kind = published.account_kind
),

named as (
    select distinct
        department_key as unit_key,
        regexp_replace(translate(alias, '（）', '()'), '(\([^()]*\))+$', '') as unit_name
    from core.dim_department_alias
),

compared as (
    select
        whole.figure_id,
        'a unit in its own account' as what,
        true as all_known,
        false as some_blank,
        false as alone,
        any_value(part.number) as rhs,
        any_value(part.half_unit) as half_units,
        1 as terms,
        any_value(part.figure_id) as parts
    from amount as whole
    inner join named
        on regexp_replace(translate(whole.unit_name, '（）', '()'), '(\([^()]*\))+$', '') = named.unit_name
    inner join known
        on
            whole.department_key = known.department_key
            and named.unit_key = known.unit_key
            and whole.account_year = known.account_year
            and whole.account_kind = known.account_kind
    inner join amount as part on known.account = part.account and whole.grain = part.grain
    where whole.of_department and whole.unit_name <> '' and part.unit_name = ''
    group by whole.figure_id
    having count(distinct part.figure_id) = 1
    union all
    select
        whole.figure_id,
        concat_ws(' ', count(*), 'of', any_value(known.units), 'units in their own accounts') as what,
        bool_and(known.all_known) as all_known,
        count(*) < any_value(known.units) as some_blank,
        any_value(known.units) = 1 as alone,
        sum(part.number) as rhs,
        sum(part.half_unit) as half_units,
        count(*) as terms,
        string_agg(part.figure_id, ' ' order by part.account, part.figure_id) as parts
    from amount as whole
    inner join known
        on
            whole.department_key = known.department_key
            and whole.account_year = known.account_year
            and whole.account_kind = known.account_kind
    inner join amount as part on known.account = part.account and whole.grain = part.grain
    where whole.of_department and whole.unit_name = '' and part.unit_name = ''
    group by whole.figure_id
),

judged as (
    select
        compared.*,
        whole.document_id,
        whole.disclosure_key,
        whole.page,
        whole.source_kind = 'table' and whole.code is null as is_total,
        whole.number as lhs,
        whole.half_unit + compared.half_units as tolerance,
        concat_ws(
            ' ', coalesce(nullif(whole.table_title, ''), 'text'), whole.grain, nullif(whole.unit_name, ''), '=',
            compared.what
        ) as subject,
        compared.alone or whole.fund_source in ('gpb', 'gov_fund', 'soc', 'fiscal') as stays_in_unit
    from compared
    inner join amount as whole on compared.figure_id = whole.figure_id
)

select
    document_id,
    disclosure_key,
    subject,
    lhs,
    rhs,
    lhs - rhs as difference,
    tolerance,
    terms,
    case
        when not all_known and (lhs >= rhs - tolerance or not stays_in_unit) then 'unevaluable'
        else prov.verdict(lhs, rhs, tolerance, doubtful := not stays_in_unit or (some_blank and lhs > rhs))
    end as verdict,
    figure_id || ' ' || parts as figure_ids,
    page
from judged
-- Of a department of which units are missing, its totals tell enough.
where all_known or is_total or (lhs < rhs - tolerance and stays_in_unit)
