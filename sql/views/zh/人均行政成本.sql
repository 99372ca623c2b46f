-- mart.admin_cost_per_capita 的中文视图：人均机关运行经费、人均基本支出等及其口径。 Cost per head with Chinese names.
select
    cost.region_name as 地区,
    cost.department_name as 部门名称,
    cost.fiscal_year as 年度,
    case cost.stage
        when 'initial_budget' then '年初预算' when 'adjusted_budget' then '调整预算'
        when 'execution' then '预算执行数' when 'final' then '决算'
    end as 阶段,
    case cost.scope when 'department' then '部门' when 'unit' then '单位' when 'head' then '本级' end as 编报范围,
    case cost.cost_measure
        when 'agency_running_cost' then '机关运行经费' when 'basic' then '基本支出'
        when 'basic_public' then '公用经费' when 'basic_personnel' then '人员经费'
    end as 成本指标,
    fund.name_zh as 资金来源,
    cost.numerator_yuan as 成本_元,
    cost.denominator_persons as 人数,
    case cost.denominator_basis
        when 'actual_funded' then '在职人数（行政、参公、工勤）' when 'actual_total' then '在职人数（全部）'
        when 'establishment' then '编制数'
    end as 人数口径,
    cost.per_capita_yuan as 人均_元,
    cost.per_capita_min_yuan as 人均最小值_元,
    cost.per_capita_max_yuan as 人均最大值_元,
    case cost.null_reason
        when 'no_numerator' then '未公开成本' when 'headcount_not_disclosed' then '未公开人数'
        when 'headcount_of_some_units_only' then '仅公开部分单位人数' when 'zero_denominator' then '人数为零'
    end as 空值原因,
    cost.definition_version as 口径版本,
    cost.establishment_posts as 编制数,
    cost.actual_total_persons as 在职人数,
    cost.numerator_figure_id as 成本数字编号,
    cost.denominator_figure_ids as 人数数字编号
from mart.admin_cost_per_capita as cost
left join core.dim_fund as fund on cost.fund_source = fund.fund_source
