-- Grain: one row per contract x version of it x asked period, with the stated value of its
-- recurring lines in the period and how much the version moved it. Unit: 10^-12 of a minor unit.
with

contract_values as (

    select * from {{ ref('int_revenue_contract_values') }}

),

stated_windows as (

    select * from {{ ref('int_revenue_stated_windows') }}

),

bands as (

    select * from {{ ref('int_revenue_bands') }}

),

banded as (

    select
        contract_values.contract_key,
        contract_values.modification_id,
        contract_values.through_timeline_no,
        bands.period_id,
        cast(coalesce(sum(stated_windows.day_value), 0) as hugeint) as period_value
    from contract_values
    inner join bands
        on contract_values.contract_key = bands.contract_key
    left join stated_windows
        on
        bands.contract_key = stated_windows.contract_key
        and contract_values.modification_id is not distinct from stated_windows.modification_id
        and stated_windows.calendar_day between bands.starts_on and bands.ends_on
    group by
        contract_values.contract_key,
        contract_values.modification_id,
        contract_values.through_timeline_no,
        bands.period_id

),

final as (

    select
        *,
        period_value - lag(period_value) over (
            partition by contract_key, period_id order by through_timeline_no
        ) as moved_value
    from banded

)

select * from final
