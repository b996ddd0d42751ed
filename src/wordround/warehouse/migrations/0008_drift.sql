-- How strange its words are to the model of comments: the share that it was not trained on. Null in rows of before, in
-- another language than English, and where a text has no word.
alter table understanding.annotations add column unknown_word_share double;

-- How often each label was given to the labelled comments that the model in force was judged on.
create table understanding.label_reference (
    model_version varchar not null,
    sentiment_class varchar not null,
    -- By people, and by models that had not learned from the comment.
    labelled_share double not null,
    shown_share double not null
);
