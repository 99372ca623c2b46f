-- The money of a project in its performance form is fiscal appropriation, carry-over and other money (资金总额 = 财政拨款 +
-- 上年结转 + 其他资金), in each column of amounts. Forms print those of them that there are; a form that prints one of them
-- twice lists several projects and is not tried.
-- Demands: money of a project = sum of its funds
-- 要求: 项目资金总额 = 各资金来源之和
-- Source: 项目支出绩效目标表: 年度资金总额, 其中 财政拨款, 其他资金
with amount as (
    select
        *,
        regexp_extract(regexp_replace(row_label, '[\s　]', '', 'g'), '资金总额|财政拨款|财政资金|上年结转|其他资金') as money,
        regexp_extract(column_path, '^(.*)/', 1) as heading
    from prov.table_number
    where table_id = 'T_PERFORMANCE' and is_money
    qualify money <> '' and count(*) over (partition by document_id, table_no, heading, money) = 1
),

compared as (
    select
        whole.document_id,
        document.disclosure_key,
        any_value(whole.page) as page,
        concat_ws(' ', any_value(whole.table_title), any_value(whole.row_label), '·', whole.heading) as subject,
        any_value(whole.number) as lhs,
        sum(part.number) as rhs,
        any_value(whole.half_unit) + sum(part.half_unit) as tolerance,
        count(*) as terms,
        false as doubtful,
        whole.figure_id || ' ' || string_agg(part.figure_id, ' ' order by part.row_no, part.figure_id) as figure_ids
    from amount as whole
    inner join amount as part
        on
            whole.document_id = part.document_id
            and whole.table_no = part.table_no
            and whole.heading = part.heading
            and whole.row_no < part.row_no
            and part.money <> '资金总额'
    inner join prov.document as document on whole.document_id = document.document_id
    where whole.money = '资金总额'
    group by whole.figure_id, whole.document_id, whole.heading, document.disclosure_key
)

select * from prov.judged('compared')
