-- Warns of reasons whose share of what moved in the reporting period grew far beyond its mean: look
-- at what is new in them before the close, also where everything is explained.
{{ config(severity='warn') }}
select
    period_name,
    reason_code,
    movement_share,
    mean_share,
    moved_rpt
from {{ ref('fct_reason_mix') }}
where is_reporting_period and is_drift
