-- Revenue is the sum of its sources: across each row of a revenue table, and down the column of a table that lists
-- them. Fiscal appropriation counts once, as printed or else as its three budgets. Money of another fund (其他资金) is
-- a source too, or the heading of some; in a row, so are the balances that a table counts among revenue. A source that
-- is printed elsewhere in the table but blank here, where blanks are not nothing, or an amount of unknown meaning
-- beside the sources, makes a sum that differs unevaluable.
-- Demands: revenue = sum of its sources
-- 要求: 收入合计 = 各来源之和
-- Source: 收入决算表 (财决03表, 公开02表): 本年收入合计 = 财政拨款收入 + 上级补助收入 + 事业收入 + 经营收入 + 附属单位上缴收入 + 其他收入
with amount as (
    select
        *,
        case
            when measure_id is null then 'unknown'
            when measure_id = 'revenue' and fund_source in ('all', 'fiscal') then 'whole'
            when measure_id in ('revenue_gpb', 'revenue_gov_fund', 'revenue_soc') then 'budget'
            when measure_id = 'revenue_fiscal' then 'fiscal'
            when measure_id in ('opening_balance', 'use_nonfiscal_surplus') then 'carried'
            when measure_id = 'revenue' then 'group'
            else 'other'
        end as tier
    from prov.printed_amount
    where
        source_kind = 'table'
        and (
            measure_id is null
            or (statement_kind = 'level' and starts_with(measure_id, 'revenue'))
            or measure_id in ('opening_balance', 'use_nonfiscal_surplus')
        )
),

-- A line of figures to add up: a row across the table, or a column down it.
place as (
    select
        concat_ws('|', 'row', row_no, row_label) as line,
        figure_id
    from amount
    union all
    select
        concat_ws('|', 'column', column_path) as line,
        figure_id
    from amount
    where code is null and tier <> 'carried'
),

lined as (
    select
        place.line,
        amount.*,
        concat_ws(' ', amount.measure_id, amount.fund_source) as source,
        bool_or(amount.tier = 'fiscal')
            over (
                partition by amount.document_id, amount.table_no, place.line, amount.stage, amount.period_year
            ) as fiscal_printed,
        bool_or(amount.tier = 'unknown')
            over (partition by amount.document_id, amount.table_no, place.line) as some_unknown
    from place
    inner join amount on place.figure_id = amount.figure_id
),

part as (
    select *
    from lined
    where tier not in ('whole', 'unknown') and not (tier = 'budget' and fiscal_printed)
),

sources_of_table as (
    select
        document_id,
        table_no,
        left(line, 3) as direction,
        count(distinct source) as sources
    from part
    group by all
),

summed as (
    select
        document_id,
        table_no,
        line,
        stage,
        period_year,
        coalesce(sum(amount_yuan) filter (where tier not in ('carried', 'group')), 0) as sources_alone,
        coalesce(sum(amount_yuan) filter (where tier = 'carried'), 0) as carried,
        coalesce(sum(amount_yuan) filter (where tier = 'group'), 0) as grouped,
        sum(half_unit_yuan) as half_units,
        count(*) as terms,
        count(distinct source) as sources,
        string_agg(figure_id, ' ' order by row_no, column_path, figure_id) as parts
    from part
    group by all
    having count(*) = count(distinct source)
),

compared as (
    select
        total.*,
        -- A total may stand before or behind the balances of its row, and money of another fund may be a source of its
        -- own or the heading of sources that are listed too.
        total.half_unit_yuan + summed.half_units as tolerance,
        total.amount_yuan - summed.sources_alone as beyond,
        case
            when abs(beyond) <= tolerance then summed.sources_alone
            when abs(beyond - summed.carried) <= tolerance then summed.sources_alone + summed.carried
            when abs(beyond - summed.grouped - summed.carried) <= tolerance
                then summed.sources_alone + summed.grouped + summed.carried
            else summed.sources_alone + summed.grouped
        end as rhs,
        summed.half_units,
        summed.terms,
        summed.parts,
        total.some_unknown as incomplete,
        summed.sources < sources_of_table.sources as some_blank
    from lined as total
    inner join summed
        on
            total.document_id = summed.document_id
            and total.table_no = summed.table_no
            and total.line = summed.line
            and total.stage = summed.stage
            and total.period_year = summed.period_year
    inner join sources_of_table
        on
            total.document_id = sources_of_table.document_id
            and total.table_no = sources_of_table.table_no
            and left(total.line, 3) = sources_of_table.direction
    where total.tier = 'whole'
    qualify
        count(*) over (
            partition by total.document_id, total.table_no, total.line, total.stage, total.period_year
        ) = 1
),

judged as (
    select
        *,
        prov.blank_is_nothing(some_blank, abs(amount_yuan - rhs) <= tolerance, document_id, table_no)
            as blank_is_nothing
    from compared
),

tried as (
    select
        *,
        prov.cell(judged) as subject,
        amount_yuan as lhs,
        incomplete or (some_blank and not blank_is_nothing) as doubtful,
        figure_id || ' ' || parts as figure_ids
    from judged
)

select * from prov.judged('tried')
