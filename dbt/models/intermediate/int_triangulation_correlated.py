"""How far what people write goes with how they score (src/wordround/spc/triangulating.py)."""


def model(dbt, session):
    dbt.config(materialized="table")
    from wordround.spc import triangulating

    pairs = dbt.ref("int_triangulation_pairs")
    least = dbt.ref("rules").filter("rule_code = 'least_paired_months'").project("rule_value::integer").fetchone()
    kinds = (
        dbt.ref("dim_services").filter("kind_label is not null").project("kind_label").distinct().order("kind_label")
    )
    return triangulating.correlated(
        pairs.order("words_code, outcome_code, service_id, month_code").to_arrow_table(),
        sorted(kind for (kind,) in kinds.fetchall()),
        least[0],
    )
