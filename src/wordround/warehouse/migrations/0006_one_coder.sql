-- One coder for all frames: annotations hold the themes of each, and the codings of the cue codebook go. Annotations of
-- before keep their sentiment. Their themes had no codes; those of texts that are still there are coded again.
drop table understanding.theme_codings;

create temp table annotations_before as from understanding.annotations;
drop table understanding.annotations;
create table understanding.annotations (
    text_id varchar not null,
    question_type varchar not null,
    model_version varchar not null,
    -- Null in rows of before.
    language varchar,
    -- In another language than English these are null, and there are no themes.
    sentiment varchar,
    sentiment_class varchar,
    sentiment_probability double,
    -- Of the five grades, very positive first.
    grade_probabilities double [],
    themes struct (theme_code varchar, probability double, polarity varchar, words varchar []) [] not null,
    annotated_at timestamptz not null
);
insert into understanding.annotations by name
select
    * replace ([] as themes),
    null as language
from annotations_before;
drop table annotations_before;

-- The themes that the annotations in force are of.
create table understanding.themes (
    theme_code varchar not null,
    frame_code varchar not null,
    theme_label varchar not null,
    -- 'major' or 'minor'; a major theme is its own.
    level varchar not null,
    major_code varchar not null,
    sort_order integer not null
);
