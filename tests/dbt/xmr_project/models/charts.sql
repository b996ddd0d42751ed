{{ config(materialized='table', schema='spc') }}

{{ xmr(var('xmr_input')) }}
