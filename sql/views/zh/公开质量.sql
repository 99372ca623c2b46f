-- mart.disclosure_quality 的中文视图：每次公开的完整性、一致性、及时性得分。 Quality of disclosures with Chinese names.
select
    department_name as 部门名称,
    fiscal_year as 年度,
    case kind when 'budget' then '预算' when 'final' then '决算' end as 文件类别,
    case scope when 'department' then '部门' when 'unit' then '单位' when 'head' then '本级' end as 编报范围,
    score as 总分,
    completeness as 完整性得分,
    items_present as 已公开项目,
    items_required as 应公开项目,
    items_missing as 缺少项目,
    consistency as 一致性得分,
    identities as 核对项数,
    identities_minor as 微差项数,
    identities_failed as 不符项数,
    timeliness as 及时性得分,
    published_on as 发布日期,
    approved_on as 批复日期,
    days_to_publish as 批复至公开天数,
    case timeliness_null_reason
        when 'publication_day_unknown' then '发布日期不详' when 'approval_day_unknown' then '批复日期不详'
        when 'published_before_approval' then '发布早于批复'
    end as 及时性空值原因,
    disclosure_key as 公开编号
from mart.disclosure_quality
