"""How seldom chance alone brings a series as far as each alert has come (src/wordround/spc/thresholds.py)."""


def model(dbt, session):
    dbt.config(materialized="table")
    import pyarrow as pa

    from wordround.spc import thresholds

    alerts = dbt.ref("int_alerts_matched")
    found = alerts.project("alert_id, coalesce(greatest_evidence, evidence)").fetchall()
    return pa.table(
        {
            "alert_id": pa.array([alert_id for alert_id, _ in found], pa.string()),
            "once_in_years": pa.array([thresholds.once_in_years(evidence) for _, evidence in found], pa.int32()),
        }
    )
