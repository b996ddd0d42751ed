"""What became of the share after each change that was made because of an alert (src/wordround/alerts/answering.py)."""


def model(dbt, session):
    dbt.config(materialized="table")
    from wordround.alerts import answering

    actions, alerts = dbt.ref("stg_ops__alert_actions"), dbt.ref("int_alerts_matched")
    made = actions.filter("outcome_code = 'made'").join(alerts, "alert_id")
    weeks = dbt.ref("fct_decision_weeks").project(
        "series_id, series_code, week_date, negative_count, comment_count, expected_share, is_paused, "
        "is_concern_open, is_improvement_open"
    )
    over = dbt.ref("int_weeks_spanned").filter("is_over").max("week_date").fetchone()
    largest = dbt.ref("rules").filter("rule_code = 'largest_hidden_count'").project("rule_value").fetchone()
    return answering.answers(
        made.project("alert_id, version, series_id, since_week_date, opened_week_date, acted_date").to_arrow_table(),
        weeks.to_arrow_table(),
        over[0],
        int(largest[0]),
    )
