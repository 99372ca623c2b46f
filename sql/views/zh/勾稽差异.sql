-- mart.reconciliation 的中文视图：不相等或存疑的核对，应有关系、左右两边印刷内容、差额、结论和差错方。 Contradictions.
select
    row.department_name as 部门名称,
    row.fiscal_year as 年度,
    row.file_name as 文件名,
    row.page as 页码,
    row.about as 核对内容,
    coalesce(rule.demands_zh, row.subject) as 应有关系,
    regexp_replace(row.left_printed, 'page ([0-9]+)', '第\1页', 'g') as 左边印刷内容,
    replace(
        replace(regexp_replace(row.right_printed, 'page ([0-9]+)', '第\1页', 'g'), 'printed zeros', '个印刷的零'),
        'nothing printed', '无印刷数字'
    ) as 右边印刷内容,
    row.lhs as 左边,
    row.rhs as 右边,
    row.difference as 差额,
    row.tolerance as 容差,
    case row.verdict when 'fail' then '不符' when 'minor' then '微差' when 'rounding' then '四舍五入' end as 结论,
    case row.whose_error when 'publisher' then '发布者' when 'parser' then '读取程序' when 'unclear' then '不明' end
        as 差错方,
    row.figure_ids as 数字编号
from mart.reconciliation as row
left join prov.check_rule as rule on row.check_id = rule.check_id
