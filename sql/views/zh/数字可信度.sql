-- mart.figure_trust 的中文视图：各部分印刷数字中已证实、被否定、未证实的个数。 Trust in figures with Chinese names.
select
    case dimension
        when 'all' then '全部' when 'family' then '版式（网站地区）' when 'year' then '年度' when 'table' then '表'
        when 'document' then '文件'
    end as 维度,
    case member when 'all' then '全部' when 'text' then '文字' when 'other tables' then '未识别的表' else member end as 取值,
    member_name as 名称,
    department_name as 部门名称,
    figures as 数字总数,
    proven as 已证实,
    contradicted as 被否定,
    unproven as 未证实,
    proven_pct as 已证实比重_百分比
from mart.figure_trust
