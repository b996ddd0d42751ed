-- What people settled a comment to say, of those that the records have and whose words have not changed since.
create table understanding.human_codes (
    comment_id varchar not null,
    -- Null: the sentiment, or the themes, are not settled.
    sentiment varchar,
    sentiment_class varchar,
    -- As annotations have them: probability 1, no words.
    themes struct (theme_code varchar, probability double, polarity varchar, words varchar []) [],
    coded_at timestamptz not null
);

-- How well the model in force does on what people settled, weighted to all comments: one row, or none where nobody coded.
create table understanding.own_reading (
    model_version varchar not null,
    comment_count integer not null,
    -- Coded and not settled yet.
    waiting_count integer not null,
    right_share double not null,
    right_low double not null,
    right_high double not null,
    negative_recall double,
    negative_labelled_share double not null,
    negative_shown_share double not null
);
