-- What each check of documents demands, in one line each of English and Chinese, for tables that show its results.
select
    rule.check_id,
    rule.demands,
    rule.demands_zh
from (
    values
    ('balance', 'total = amount of the year + balance brought or carried', '总计 = 本年合计 + 结转结余等'),
    ('code_hierarchy', 'subject = sum of the subjects right below it', '科目 = 其下级科目之和'),
    ('comparison_in_words', 'amount stands to the budget as the text says', '决算数与预算数的大小 = 文字所述'),
    ('execution_rate', 'rate of execution = amount ÷ budget', '执行率 = 执行数 ÷ 预算数'),
    ('expenditure_by_nature', 'expenditure = sum of its natures', '支出合计 = 基本支出、项目支出等之和'),
    ('funds_of_row', 'fiscal appropriation = sum of its three budgets', '财政拨款 = 三本预算之和'),
    ('grand_total', 'total of the table = sum of its topmost rows', '合计 = 各类科目之和'),
    ('income_equals_expenditure', 'total income = total expenditure', '收入总计 = 支出总计'),
    ('names_listed_in_text', 'names listed in the text = names in the tables', '文字所列科目 = 表中科目'),
    ('other_account', 'amount = what the account of that year printed', '本文件所载数 = 该年度文件所载数'),
    ('part_that_is_the_whole', 'a part of 100 % = its whole', '占100%的部分 = 总数'),
    ('parts_of_whole', 'whole = sum of its parts', '总数 = 各部分之和'),
    ('printed_copies', 'the same amount in both places', '同一数字两处一致'),
    ('revenue_by_source', 'revenue = sum of its sources', '收入合计 = 各来源之和'),
    ('row_totals', 'total of the row = sum of its columns', '行合计 = 各栏之和'),
    ('share_of_base', 'stated share = part ÷ base', '所述占比 = 部分 ÷ 总数'),
    ('stated_percent_change', 'stated percent = change ÷ amount before', '所述增减幅 = 增减额 ÷ 上年数'),
    ('subject_name_in_text', 'name in the text = name in the tables', '文字科目名称 = 表中科目名称'),
    ('subjects_in_text', 'amount = sum of the subjects the text states', '总数 = 文字所列各科目之和'),
    ('three_public_parts', 'three public expenses = sum of their parts', '“三公”经费 = 各分项之和'),
    ('title_name', 'title names the department', '标题写明部门名称'),
    ('title_year', 'year in the title = year of the document', '标题所载年度 = 文件年度'),
    ('year_of_stock', 'year of counting = year the account allows', '清点年度 = 文件应载年度')
) as rule (check_id, demands, demands_zh)
