with conversations as (
    select * from {{ ref('stg_ops__conversations') }}
),

posts as (
    select
        conversation_id,
        count(*)::integer as post_count,
        count_if(is_reshare)::integer as reshare_count,
        count_if(is_copy)::integer as copy_count,
        count_if(is_contribution)::integer as contribution_count
    from {{ ref('int_conversation_posts') }}
    group by conversation_id
),

languages as (
    select
        posts.conversation_id,
        count_if(comments.language = 'en')::integer as english_count,
        count_if(comments.language = 'cy')::integer as welsh_count,
        count_if(comments.language = 'other')::integer as other_language_count,
        count_if(comments.sentiment_label = 'negative')::integer as negative_count,
        count_if(comments.sentiment_label = 'positive')::integer as positive_count,
        count_if(comments.sentiment_label is not null)::integer as labelled_count
    from {{ ref('int_conversation_posts') }} as posts
    inner join {{ ref('fct_comments') }} as comments on posts.comment_id = comments.comment_id
    where posts.is_contribution
    group by posts.conversation_id
),

sources as (
    select
        sources.conversation_id,
        sum(sources.voice_count)::integer as voice_count,
        {% for count in ['like', 'share', 'reply', 'quote', 'view'] %}
            sum(sources.{{ count }}_count)::bigint as {{ count }}_count,
        {% endfor %}
        string_agg(names.source_label, ', ' order by names.source_label)
        filter (where sources.voice_count is null) as sources_without_voices,
        string_agg(names.source_label, ', ' order by names.source_label)
        filter (where sources.view_count is null) as sources_without_views,
        string_agg(names.source_label, ', ' order by names.source_label)
        -- Nobody asks a table of posts, and it owes no answer.
        filter (where sources.answered_day_count < greatest(sources.asked_day_count, 1) and names.is_social)
            as sources_not_whole
    from {{ ref('fct_conversation_sources') }} as sources
    inner join {{ ref('sources') }} as names on sources.source_code = names.source_code
    group by sources.conversation_id
),

threads as (
    select
        conversation_id,
        count_if(is_question and not is_by_host)::integer as question_count,
        count_if(is_question and not is_by_host and host_reply_count > 0)::integer as host_answered_count,
        count_if(is_question and is_by_host)::integer as host_question_count,
        median(host_reply_minutes)
        filter (where is_question and not is_by_host)::double as median_host_reply_minutes
    from {{ ref('fct_conversation_threads') }}
    group by conversation_id
),

traffic as (
    select * from {{ ref('int_conversation_traffic') }}
),

described as (
    select
        ---------- ids
        conversations.conversation_id,

        ---------- strings
        conversations.conversation_label,
        array_to_string(list_transform(conversations.tags, lambda tag: '#' || tag), ', ') as tags,
        conversations.declared_in,
        case
            when conversations.ends_at - conversations.begins_at > to_days(conversations.baseline_day_count)
                then 'longer_than_its_usual'
            when not traffic.is_covered then 'not_answered_whole'
            when traffic.usual_stretch_count = 0 then 'no_usual_days'
            when traffic.times is null then 'usually_nothing'
        end as usual_unknown_reason,
        sources.sources_without_voices,
        sources.sources_without_views,
        sources.sources_not_whole,

        ---------- numerics
        coalesce(posts.post_count, 0) as post_count,
        coalesce(posts.reshare_count, 0) as reshare_count,
        coalesce(posts.copy_count, 0) as copy_count,
        coalesce(posts.contribution_count, 0) as contribution_count,
        sources.voice_count,
        coalesce(languages.english_count, 0) as english_count,
        coalesce(languages.welsh_count, 0) as welsh_count,
        coalesce(languages.other_language_count, 0) as other_language_count,
        coalesce(languages.negative_count, 0) as negative_count,
        coalesce(languages.positive_count, 0) as positive_count,
        coalesce(languages.labelled_count, 0) as labelled_count,
        sources.like_count,
        sources.share_count,
        sources.reply_count,
        sources.quote_count,
        sources.view_count,
        coalesce(threads.question_count, 0) as question_count,
        coalesce(threads.host_answered_count, 0) as host_answered_count,
        coalesce(threads.host_question_count, 0) as host_question_count,
        threads.median_host_reply_minutes,
        traffic.tagged_post_count,
        traffic.usual_stretch_count,
        traffic.usual_post_count,
        traffic.times as times_usual,
        traffic.low as times_usual_low,
        traffic.high as times_usual_high,

        ---------- dates
        conversations.begins_at,
        conversations.ends_at
    from conversations
    inner join traffic on conversations.conversation_id = traffic.conversation_id
    left join posts on conversations.conversation_id = posts.conversation_id
    left join languages on conversations.conversation_id = languages.conversation_id
    left join sources on conversations.conversation_id = sources.conversation_id
    left join threads on conversations.conversation_id = threads.conversation_id
)

select * from described
