"""Of the words of alerts, ordinary ones that are nobody's name and carry a subject (src/wordround/alerts/words.py)."""


def model(dbt, session):
    dbt.config(materialized="table")
    import pyarrow as pa

    from wordround.alerts import words

    counted = dbt.ref("int_alert_words_counted").to_arrow_table()
    return counted.filter(pa.array(words.kept(counted["word"].to_pylist()), pa.bool_()))
