-- What people settled a comment to say, of those that the records have and whose words have not changed since.
create table understanding.human_codes (
    comment_id varchar not null,
    -- Null: the sentiment, or the themes, are not settled.
    sentiment varchar,
    sentiment_class varchar,
    themes struct (frame varchar, label varchar, polarity varchar) [],
    coded_at timestamptz not null
);
