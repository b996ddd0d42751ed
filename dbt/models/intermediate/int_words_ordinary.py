"""Ordinary words that are nobody's name, and those of many comments (src/wordround/deidentify/names/vocabulary.py)."""


def model(dbt, session):
    dbt.config(materialized="table")
    import pyarrow as pa

    from wordround.deidentify.names.vocabulary import read_list, vocabulary

    words = vocabulary()
    safe = (words.ordinary - words.first_names - words.surnames) | read_list("comment_words")
    return pa.table({"word": pa.array(sorted(safe), pa.string())})
