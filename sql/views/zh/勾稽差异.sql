-- 勾稽差异：不相等或存疑的核对，左右两边印刷内容、差额、结论和差错方（见 mart.reconciliation）。
select
    department_name as 部门名称,
    fiscal_year as 年度,
    file_name as 文件名,
    page as 页码,
    subject as 核对对象,
    left_printed as 左边印刷内容,
    right_printed as 右边印刷内容,
    lhs as 左边,
    rhs as 右边,
    difference as 差额,
    tolerance as 容差,
    verdict as 结论,
    whose_error as 差错方
from mart.reconciliation
