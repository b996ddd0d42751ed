-- Every text that is in the warehouse now, under the models that are current now: also when only the model is new.
with current_models as (
    select task, arg_max(model_version, made_current_at) as model_version
    from understanding.models
    group by task
),
tasks as (
    select task, current_models.model_version
    from (values ('sentiment'), ('annotations'), ('relevance')) as wanted (task)
    left join current_models using (task)
),
texts as (
    -- 64 bits of each id: the same on both sides, at a quarter of the memory
    select hash(text_id) as text_hash, bool_or(kind in ('post', 'reply', 'quote', 'blog_comment')) as is_posted
    from raw.comments
    where text is not null
    group by text_hash
),
-- A text is annotated once for each question that it answers.
asked as (
    select distinct hash(text_id, coalesce(question_type, 'unknown')) as asked_hash
    from raw.comments
    where text is not null
),
wanted_texts as (
    -- Whether it is about care is asked of posts only.
    select tasks.task, count(texts.text_hash) as text_count
    from tasks
    left join texts on tasks.task <> 'relevance' or texts.is_posted
    where tasks.task <> 'annotations'
    group by tasks.task
    union all
    select 'annotations', count(*) from asked
),
understood as (
    select 'sentiment' as task, s.model_version, count(distinct hash(s.text_id)) as text_count, count(*) as row_count
    from understanding.sentiments as s
    where hash(s.text_id) in (select texts.text_hash from texts)
    group by s.model_version
    union all
    select
        'annotations', a.model_version, count(distinct hash(a.text_id, a.question_type)), count(*)
    from understanding.annotations as a
    where hash(a.text_id, a.question_type) in (select asked.asked_hash from asked)
    group by a.model_version
    union all
    select 'relevance', r.model_version, count(distinct hash(r.text_id)), count(*)
    from understanding.relevance as r
    where hash(r.text_id) in (select texts.text_hash from texts where texts.is_posted)
    group by r.model_version
)
select
    tasks.task,
    coalesce(tasks.model_version, 'none') as model_version,
    1 - coalesce(understood.text_count, 0) / nullif(wanted_texts.text_count, 0) as missing_share,
    coalesce(understood.row_count - understood.text_count, 0) as repeated_count
from tasks
inner join wanted_texts using (task)
left join understood on understood.task = tasks.task and understood.model_version = tasks.model_version
