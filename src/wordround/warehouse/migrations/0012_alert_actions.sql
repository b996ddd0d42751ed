-- What people did about alerts: a copy of the records, for dbt. One row per action.
create table ops.alert_actions (
    alert_id varchar not null,
    -- Counts the actions of an alert, from 1.
    version integer not null,
    logged_at timestamptz not null,
    event varchar not null,
    -- A role or initials; null where the records have the login of somebody, which stays there.
    made_by varchar,
    assigned_to varchar,
    outcome varchar,
    acted_on date,
    week_date date,
    -- What was typed, without identifiers; null where nothing was, or where it was deleted since.
    words varchar
);
