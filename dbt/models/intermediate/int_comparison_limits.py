"""The limits of the funnels in which services of one kind are compared (src/wordround/spc/comparing.py)."""


def model(dbt, session):
    dbt.config(materialized="table")
    from wordround.spc import comparing

    counts, rules = dbt.ref("int_comparison_counts"), dbt.ref("rules")
    least = dict(
        rules.filter("rule_code in ('least_compared_units', 'least_compared_comments')")
        .project("rule_code, rule_value::integer")
        .fetchall()
    )
    return comparing.compared(
        counts.order("level_code, kind_label, theme_code, unit_id").to_arrow_table(),
        least["least_compared_units"],
        least["least_compared_comments"],
    )
