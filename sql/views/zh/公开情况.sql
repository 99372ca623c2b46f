-- mart.coverage 的中文视图：各部门各年度的预算、决算是否公开、何时公开。 Coverage with Chinese names.
select
    region_name as 地区,
    department_name as 部门名称,
    fiscal_year as 年度,
    case kind when 'budget' then '预算' when 'final' then '决算' end as 文件类别,
    case state when 'published' then '已公开' when 'unread' then '未能读取' when 'missing' then '未收集到' end as 公开状态,
    documents as 文件数,
    published_on as 发布日期,
    days_after_first as 晚于首家天数,
    peers_dated as 有发布日期的部门数,
    source_url as 来源地址
from mart.coverage
