-- What the learned model makes of a text under the question that it answers (`unknown`: nobody asked).
create table understanding.annotations (
    text_id varchar not null,
    question_type varchar not null,
    model_version varchar not null,
    sentiment varchar not null,
    sentiment_class varchar not null,
    sentiment_probability double not null,
    -- Of the five grades, very positive first.
    grade_probabilities double [] not null,
    themes struct (label varchar, probability double, polarity varchar) [] not null,
    annotated_at timestamptz not null
);
