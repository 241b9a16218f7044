-- Grain: one row per contract line x version of its contract x stretch of days in a row that one
-- pricing covers, with the value stated for the stretch. Unit: 10^-12 of a minor unit.
with

stated_windows as (

    select * from {{ ref('int_revenue_stated_windows') }}

),

runs as (

    -- Days in a row under one pricing share the day their run would have number 0.
    select
        *,
        {{ add_days('calendar_day', '-row_number() over (
            partition by contract_key, modification_id, line_key, pricing_no
            order by calendar_day
        )') }} as run_key
    from stated_windows

),

final as (

    select
        contract_key,
        modification_id,
        line_key,
        pricing_no,
        run_key,
        min(calendar_day) as starts_on,
        max(calendar_day) as ends_on,
        cast(sum(day_value) as hugeint) as stretch_value
    from runs
    group by
        contract_key,
        modification_id,
        line_key,
        pricing_no,
        run_key

)

select * from final
