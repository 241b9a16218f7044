-- Grain: one row per posting period of the ERP.
with

accounting_periods as (

    select * from {{ ref('int_accounting_periods') }}

),

final as (

    select
        accounting_period_id as period_key,
        period_no,
        period_name,
        period_status,
        is_reporting_period,
        has_ended,
        is_reported,
        starts_on,
        ends_on,
        closed_on
    from accounting_periods

)

select * from final
