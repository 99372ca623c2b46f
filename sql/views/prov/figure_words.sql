-- Each printed figure in the words by which a reader finds it on its page: table, row and column, or the sentence
-- around it, cut where it is long; and what is printed, with its unit.
with found as (
    select
        figure_id,
        document_id,
        page,
        source_kind,
        nullif(table_title, '') as table_title,
        nullif(concat_ws(' ', subject_code, nullif(coalesce(nullif(row_label, ''), subject_label), '')), '')
            as row_words,
        nullif(column_path, '') as column_words,
        sentence,
        span_start + 1 as place,
        if(value_text = '', value_state, value_text) as printed_text,
        if(unit is null or ends_with(value_text, unit), '', ' ' || unit) as unit
    from prov.figure
)

select
    figure_id,
    document_id,
    page,
    source_kind,
    table_title,
    row_words,
    column_words,
    case
        when length(sentence) <= 90 then nullif(sentence, '')
        when length(sentence) > 90
            then concat(
                if(place > 51, '…', ''),
                sentence[greatest(1, place - 50):place + 40],
                if(place + 40 < length(sentence), '…', '')
            )
    end as sentence_words,
    printed_text || unit as printed
from found
