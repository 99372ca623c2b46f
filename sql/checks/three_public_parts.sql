-- Three public expenses are travel abroad, vehicles and reception; vehicles are purchase and operation; with meetings
-- and training they make the larger total. Within one table, or one document's text. All parts must be printed.
-- Demands: three public expenses = sum of their parts
-- 要求: “三公”经费 = 各分项之和
-- Source: 财政拨款“三公”经费支出决算表: 因公出国（境）费 + 公务用车购置及运行维护费 + 公务接待费; 购置费 + 运行维护费
with rule (whole, part) as (
    values
    ('three_public', 'three_public_abroad'),
    ('three_public', 'three_public_vehicle'),
    ('three_public', 'three_public_reception'),
    ('three_public_vehicle', 'three_public_vehicle_purchase'),
    ('three_public_vehicle', 'three_public_vehicle_operation'),
    ('three_public_meeting_training', 'three_public'),
    ('three_public_meeting_training', 'meeting_cost'),
    ('three_public_meeting_training', 'training_cost')
),

-- Text may say one thing twice: the first place counts.
amount as (
    select *
    from prov.printed_amount
    where
        statement_kind = 'level'
        and coalesce(breakdown, '') = ''
        and code is null
        and measure_id in (
            'three_public', 'three_public_abroad', 'three_public_vehicle', 'three_public_vehicle_purchase',
            'three_public_vehicle_operation', 'three_public_reception', 'three_public_meeting_training',
            'meeting_cost', 'training_cost'
        )
    qualify
        row_number() over (
            partition by document_id, source_kind, table_no, row_no, measure_id, fund_source, stage, period_year
            order by page, figure_id
        ) = 1
),

compared as (
    select
        whole.figure_id,
        any_value(whole.document_id) as document_id,
        any_value(whole.disclosure_key) as disclosure_key,
        any_value(whole.page) as page,
        any_value(whole.amount_yuan) as lhs,
        any_value(concat_ws(' ', whole.measure_id, whole.stage, whole.period_year, whole.source_kind)) as subject,
        sum(part.amount_yuan) as rhs,
        any_value(whole.half_unit_yuan) + coalesce(sum(part.half_unit_yuan), 0) as tolerance,
        count(part.figure_id) as terms,
        bool_or(part.figure_id is null) as doubtful,
        whole.figure_id || ' ' || string_agg(part.figure_id, ' ' order by part.measure_id, part.figure_id) as figure_ids
    from amount as whole
    inner join rule on whole.measure_id = rule.whole
    left join amount as part
        on
            whole.document_id = part.document_id
            and whole.source_kind = part.source_kind
            and whole.table_no is not distinct from part.table_no
            and whole.row_no is not distinct from part.row_no
            and whole.fund_source = part.fund_source
            and whole.stage = part.stage
            and whole.period_year = part.period_year
            and rule.part = part.measure_id
    group by whole.figure_id
    having count(part.figure_id) > 0
)

select * from prov.judged('compared')
