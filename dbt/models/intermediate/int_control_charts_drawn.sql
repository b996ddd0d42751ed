{{ config(materialized='table') }}

-- The rules of the XmR chart, applied to every series. Whether a point is monitored is decided in the mart.
with series as (
    select * from {{ ref('int_control_chart_series_prepared') }}
),

drawn as (
    {{ xmr('series') }}
)

select * from drawn
