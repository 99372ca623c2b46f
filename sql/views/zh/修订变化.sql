-- mart.revision_change 的中文视图：文件被替换后，哪些数字变了。 Changes by revisions with Chinese names.
select
    disclosure_key as 公开编号,
    place as 位置,
    case change when 'changed' then '变更' when 'added' then '新增' when 'removed' then '删除' end as 变化,
    old_text as 原数,
    new_text as 新数,
    document_id as 文件编号,
    supersedes as 取代文件
from mart.revision_change
