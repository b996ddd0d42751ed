{#-
    Every comment, what the models in force made of it, and the classes that follow. A comment has a text_id: its text
    may have expired or be withheld, and its figures count all the same.
    `comment_ids`: a query of those that are asked for. It stands before all joins, where DuckDB would not put a filter
    on the outcome: of a few comments of a million that takes a fifth of the time.
-#}
{% macro comments_classified(comment_ids=none) -%}
with comments as {{ 'materialized ' if comment_ids }}(
    select
        * exclude (author_key),
        -- A column of its own, so that the join below can hash it instead of trying every phrase on every comment.
        case
            when question_type = 'could_improve' and length(comment_text) < 60
                then {{ normalised_answer('comment_text') }}
        end as answer_to_could_improve,
        kind in ('survey_answer', 'review', 'story') as is_asked_for,
        coalesce(author_role = 'organisation', false) as is_of_organisation
    from ({{ comments_attributed(comment_ids) if comment_ids else 'select * from ' ~ ref('int_comments_attributed') }})
    where text_id is not null
),

{% for figures in ['int_sentiments_current', 'int_annotations_current', 'int_relevance_current'] %}
    {{ figures }} as (
        select * from {{ ref(figures) }}
        {% if comment_ids %}
            -- Without this DuckDB would hold those of the whole history, to find a few in.
            where text_id in (select comments.text_id from comments)
        {% endif %}
    ),
{% endfor %}
nothing_answers as (
    select answer from {{ ref('nothing_answers') }}
),

-- Looked up in one go, for every theme of every comment.
codes as (
    select
        list(theme_code) as in_force,
        map(
            list(theme_code) filter (where frame_code = 'patient_experience'),
            list(major_code) filter (where frame_code = 'patient_experience')
        ) as majors
    from {{ ref('stg_understanding__themes') }}
),

understood as (
    select
        comments.*,
        annotations.language,
        coalesce(annotations.language != 'en', false) as is_other_language,
        annotations.text_id is not null and annotations.language is null and annotations.sentiment_label is null
            as is_without_words,
        -- VADER is of English.
        {% for figure in ['negative_share', 'neutral_share', 'positive_share', 'compound'] %}
            case when not is_other_language then sentiments.{{ figure }} end as {{ figure }},
        {% endfor %}
        people.sentiment_label as human_label,
        annotations.sentiment_label as learned_label,
        coalesce(people.sentiment_grade, annotations.sentiment_grade) as sentiment_grade,
        case when people.sentiment_label is null then annotations.sentiment_probability end as sentiment_probability,
        people.human_coded_at,
        coalesce(people.themes, annotations.themes, []) as themes,
        annotations.model_version as annotations_version,
        sentiments.model_version as vader_version,
        relevance.relevance_probability,
        case when not comments.is_asked_for then relevance.model_version end as relevance_version,
        case
            when comments.is_asked_for then null
            when comments.is_of_organisation then 'organisation_own_post'
            else relevance.relevance_reason
        end as relevance_reason,
        {{ about_care('comments', 'relevance') }} as is_about_care,
        copies.copy_group_id,
        coalesce(copies.is_copy, false) as is_copy,
        coalesce(copies.further_copy_count, 0) as further_copy_count,
        coalesce(reshares.reshare_count, 0) as reshare_count,
        -- Of a text that has expired it is known from the day before.
        coalesce(comments.was_nothing_to_improve, nothing_answers.answer is not null) as is_nothing_to_improve,
        greatest(
            comments.updated_at, sentiments.scored_at, annotations.annotated_at, relevance.judged_at,
            people.human_coded_at
        ) as last_changed_at
    from comments
    left join int_sentiments_current as sentiments on comments.text_id = sentiments.text_id
    left join int_annotations_current as annotations
        on
            comments.text_id = annotations.text_id
            and coalesce(comments.question_type, 'unknown') = annotations.question_type
    left join {{ ref('stg_understanding__human_codes') }} as people on comments.comment_id = people.comment_id
    left join int_relevance_current as relevance on comments.text_id = relevance.text_id
    left join {{ ref('int_copies_found') }} as copies on comments.comment_id = copies.comment_id
    left join {{ ref('int_reshares_counted') }} as reshares on comments.comment_id = reshares.comment_id
    left join nothing_answers on comments.answer_to_could_improve = nothing_answers.answer
),

labelled as (
    select
        *,
        case
            when is_other_language then null
            when is_nothing_to_improve then 'positive'
            when compound <= -{{ var('sentiment_cut_off') }} then 'negative'
            when compound >= {{ var('sentiment_cut_off') }} then 'positive'
            when compound is not null then 'neutral'
        end as vader_label
    from understood
),

beside_codes as (
    select
        labelled.*,
        codes.in_force,
        codes.majors
    from labelled
    cross join codes
),

classified as (
    select
        * exclude (human_label, learned_label, themes, in_force, majors, annotations_version, vader_version),
        -- People's codes win. A text that had expired before there was a learned model can be read by none: it keeps
        -- VADER's label.
        coalesce(human_label, learned_label, case when is_text_expired then vader_label end) as sentiment_label,
        case
            when human_label is not null then 'human'
            when is_other_language then 'other_language'
            when learned_label is not null then 'learned'
            when is_without_words then 'no_words'
            when is_text_expired and vader_label is not null then 'vader'
        end as labelled_by,
        -- That whose label it is, or what people's label stands in the place of.
        case when labelled_by = 'vader' then vader_version else annotations_version end as model_version,
        list_sort(list_intersect(list_transform(themes, lambda theme: theme.theme_code), in_force)) as theme_codes,
        -- list_distinct leaves out what has none.
        list_sort(list_distinct(list_transform(themes, lambda theme: majors[theme.theme_code]))) as major_codes,
        coalesce(is_about_care and not is_copy, false) as is_counted
    from beside_codes
)

select
    * exclude (further_copy_count, is_asked_for, is_of_organisation, is_other_language, is_without_words),
    case when is_counted then further_copy_count else 0 end as copy_count
from classified
{%- endmacro %}
