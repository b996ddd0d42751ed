"""What the rule that decides says of every series and week (src/wordround/alerts/deciding.py)."""


def model(dbt, session):
    dbt.config(materialized="table")
    from wordround.alerts import deciding

    comments, mentions = dbt.ref("int_decision_counts"), dbt.ref("int_decision_theme_counts")
    weeks, rebases = dbt.ref("int_service_weeks_spanned"), dbt.ref("int_rebases_dated")
    watched, rules = dbt.ref("int_themes_watched"), dbt.ref("rules")
    counts = deciding.Counts(
        comments=comments.to_arrow_table(),
        themes=mentions.to_arrow_table(),
        weeks=weeks.to_arrow_table(),
        theme_codes=tuple(code for (code,) in watched.project("theme_code").order("theme_code").fetchall()),
        rebases=rebases.filter("measure_code = 'negative_share'").to_arrow_table(),
    )
    budget = rules.filter("rule_code = 'false_alerts_per_year'").project("rule_value").fetchone()
    return deciding.decisions(counts, float(budget[0]))
