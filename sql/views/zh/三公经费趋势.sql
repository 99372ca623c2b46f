-- mart.three_public_trend 的中文视图：三公经费及其构成的历年金额与增减。 Three public expenses with Chinese names.
select
    trend.region_name as 地区,
    trend.department_name as 部门名称,
    trend.fiscal_year as 年度,
    case trend.stage
        when 'initial_budget' then '年初预算' when 'adjusted_budget' then '调整预算'
        when 'execution' then '预算执行数' when 'final' then '决算'
    end as 阶段,
    case trend.scope when 'department' then '部门' when 'unit' then '单位' when 'head' then '本级' end as 编报范围,
    coalesce(measure.name_zh, '三公经费（不含公务用车购置）') as 指标,
    fund.name_zh as 资金来源,
    trend.amount_yuan as 金额_元,
    trend.prior_amount_yuan as 上年金额_元,
    trend.computed_delta_yuan as 增减额_计算_元,
    trend.computed_pct as 增减幅_计算_百分比,
    case trend.null_reason when 'no_prior_year' then '无上年数' when 'zero_base' then '上年为零' end as 空值原因,
    trend.reported_delta_yuan as 增减额_文件所载_元,
    trend.reported_pct as 增减幅_文件所载_百分比,
    trend.implied_prior_yuan as 推算上年金额_元,
    case trend.change_status
        when 'agree' then '一致' when 'disagree' then '不一致' when 'not_reported' then '文件未载'
        when 'no_prior_year' then '无上年数'
    end as 增减额核对,
    case trend.pct_status
        when 'agree' then '一致' when 'disagree' then '不一致' when 'not_reported' then '文件未载'
        when 'not_comparable' then '不可比'
    end as 增减幅核对,
    trend.share_of_total_pct as 占三公经费比重_百分比,
    case trend.source_kind when 'table' then '表格' when 'text' then '文字' end as 来源,
    trend.figure_id as 数字编号
from mart.three_public_trend as trend
left join core.dim_measure as measure on trend.measure_id = measure.measure_id
left join core.dim_fund as fund on trend.fund_source = fund.fund_source
