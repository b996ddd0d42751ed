"""Of the words of alerts, ordinary ones that are nobody's name (src/wordround/deidentify/names/vocabulary.py).

The list itself is kept in no table: a search of the warehouse for what was erased would find its words there.
"""


def model(dbt, session):
    dbt.config(materialized="table")
    import pyarrow as pa
    import pyarrow.compute as pc

    from wordround.deidentify.names.vocabulary import read_list, vocabulary

    words = vocabulary()
    safe = (words.ordinary - words.first_names - words.surnames) | read_list("comment_words")
    counted = dbt.ref("int_alert_words_counted").to_arrow_table()
    return counted.filter(pc.is_in(counted["word"], value_set=pa.array(sorted(safe), pa.string())))
