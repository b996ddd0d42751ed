"""What posts on each subject drew, by form and time of day, against the others (src/wordround/spc/responding.py)."""


def model(dbt, session):
    dbt.config(materialized="table")
    from wordround.spc import responding

    least = dbt.ref("rules").filter("rule_code = 'least_own_posts'").project("rule_value::integer").fetchone()
    return responding.judged(dbt.ref("int_own_posts_grouped").order("all").to_arrow_table(), least[0])
