-- Grain: one row per ARR line x accounting period, with its ARR at the end of the period by each
-- policy for ramps. A line that is no ramp has one value but for what is signed and not started.
with

arr_periods as (

    select * from {{ ref('int_bookings_arr_periods') }}

),

measured as (

    select * from {{ ref('int_bookings_arr_measures') }}

),

-- Prorated reductions leave a remainder of rounding: a line without units has no ARR.
kept as (

    select
        measured.*,
        arr_periods.is_committed,
        arr_periods.is_live and coalesce(measured.step_units, 1) != 0 as has_step,
        arr_periods.is_ramp and arr_periods.is_live and coalesce(measured.left_units, 1) != 0
            as has_ramp,
        arr_periods.is_committed and coalesce(measured.signed_units, 1) != 0 as has_signed,
        {{ rounded_quotient('measured.amount_minor * 4380', 'arr_periods.term_parts') }}
            as average_minor
    from arr_periods
    inner join measured
        on
        arr_periods.arr_line_id = measured.arr_line_id
        and arr_periods.period_no = measured.period_no

),

final as (

    select
        arr_line_id,
        period_no,
        case when has_step then coalesce(step_units, 0) else 0 end as step_units,
        case when has_ramp then entry_units when has_step then step_units else 0 end as entry_units,
        case when has_ramp then exit_units when has_step then step_units else 0 end as exit_units,
        case when has_signed then coalesce(signed_units, 0) else 0 end as carr_units,
        case when has_ramp then entry_minor when has_step then step_minor else 0 end as entry_minor,
        case when has_step then step_minor else 0 end as step_minor,
        case when has_ramp then average_minor when has_step then step_minor else 0 end
            as average_minor,
        case when has_ramp then exit_minor when has_step then step_minor else 0 end as exit_minor,
        case when has_signed then signed_minor else 0 end as carr_minor,
        case when has_step then commitment_minor else 0 end as commitment_minor,
        case when is_committed then next_change_on end as next_change_on
    from kept

)

select
    arr_line_id,
    period_no,
    cast(step_units as bigint) as units_step,
    cast(coalesce(entry_units, 0) as bigint) as units_entry,
    -- The average is one amount for all steps, and so are the units it is split by.
    cast(coalesce(exit_units, 0) as bigint) as units_average,
    cast(coalesce(exit_units, 0) as bigint) as units_exit,
    cast(carr_units as bigint) as units_carr,
    cast(coalesce(entry_minor, 0) as bigint) as arr_entry_minor,
    cast(coalesce(step_minor, 0) as bigint) as arr_step_minor,
    cast(coalesce(average_minor, 0) as bigint) as arr_average_minor,
    cast(coalesce(exit_minor, 0) as bigint) as arr_exit_minor,
    cast(coalesce(carr_minor, 0) as bigint) as arr_carr_minor,
    cast(coalesce(commitment_minor, 0) as bigint) as usage_commit_minor,
    next_change_on
from final
