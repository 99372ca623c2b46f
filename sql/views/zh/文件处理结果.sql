-- mart.document_outcome 的中文视图：每个已登记文件读到了什么、没读到什么、为什么。 Outcomes with Chinese names.
select
    file_name as 文件名,
    title as 文件标题,
    region_name as 地区,
    department_name as 部门名称,
    fiscal_year as 年度,
    case kind when 'budget' then '预算' when 'final' then '决算' end as 文件类别,
    case scope when 'department' then '部门' when 'unit' then '单位' when 'head' then '本级' end as 编报范围,
    case outcome
        when 'read' then '已读取' when 'read_partly' then '部分读取' when 'rejected' then '未采用'
        when 'conflict' then '冲突' when 'withdrawn' then '已撤回'
    end as 处理结果,
    reason as 原因,
    page_count as 页数,
    figures as 数字个数,
    figures_with_measure as 已识别含义的数字,
    facts as 采用为事实的数字,
    conflicts as 冲突数字,
    tables_recognised as 已识别表数,
    tables_unrecognised as 未识别表数,
    tables_unruled as 无框线表数,
    blocked as 暂停发布的数字,
    pages_image_only as 图像页数,
    document_id as 文件编号
from mart.document_outcome
