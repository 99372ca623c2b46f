-- How printed names of subjects are compared.

-- What variants of one name have in common: brackets, 的, the endings 支出 and 费, ordinals and 其它 for 其他 differ from
-- document to document.
create macro prov.name_key(name) as
regexp_replace(
    regexp_replace(
        replace(name, '其它', '其他'),
        '^(其中[:：]|[一二三四五六七八九十]+[、.．]|[(（][一二三四五六七八九十0-9]+[)）]|[0-9]{1,2}[、.．])'
        || '|[(（](类|款|项|科目)[)）]|[()（）〔〕、,，·“”"的\s]', '', 'g'
    ),
    '(支出|费用|费)+$', ''
);
