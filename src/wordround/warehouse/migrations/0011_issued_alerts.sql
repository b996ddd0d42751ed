-- Alerts as they were issued: a copy of the records, for dbt. One row per alert.
create table ops.issued_alerts (
    alert_id varchar not null,
    issued_at timestamptz not null,
    build_id varchar not null,
    series_id varchar not null,
    series_code varchar not null,
    trust_code varchar not null,
    service_id varchar,
    theme_code varchar,
    direction varchar not null,
    since_week date not null,
    opened_week date not null,
    evidence double not null,
    negative_count integer not null,
    comment_count integer not null,
    expected_share double not null,
    baseline_comment_count integer not null,
    baseline_week_count integer not null
);
