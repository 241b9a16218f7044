-- Grain: one row per ARR line x accounting period, with its ARR at the end of the period by each
-- policy for ramps. A line that is no ramp has one value but for what is signed and not started.
with

arr_periods as (

    select * from {{ ref('int_bookings_arr_periods') }}

),

versions as (

    select * from {{ ref('int_bookings_arr_versions') }}

),

-- What was signed by the end of the period; "left" leaves out what ended before it.
measured as (

    select
        arr_periods.arr_line_id,
        arr_periods.period_no,
        sum(versions.arr_minor) filter (
            where versions.step_no = 1 and versions.counted_on <= arr_periods.period_ends_on
        ) as entry_minor,
        sum(versions.arr_minor) filter (
            where versions.effective_on <= arr_periods.period_ends_on
            and arr_periods.valued_on between versions.starts_on and versions.ends_on
        ) as step_minor,
        sum(versions.amount_minor) filter (
            where versions.counted_on <= arr_periods.period_ends_on
        ) as amount_minor,
        sum(versions.arr_minor) filter (
            where versions.is_last_step and versions.counted_on <= arr_periods.period_ends_on
            and arr_periods.valued_on <= versions.ends_on
        ) as exit_minor,
        sum(versions.arr_minor) filter (
            where versions.is_last_step and arr_periods.valued_on <= versions.ends_on
        ) as signed_minor,
        sum(versions.commitment_minor) filter (
            where versions.effective_on <= arr_periods.period_ends_on
            and arr_periods.valued_on between versions.starts_on and versions.ends_on
        ) as commitment_minor,
        sum(versions.quantity_units) filter (
            where versions.effective_on <= arr_periods.period_ends_on
            and arr_periods.valued_on between versions.starts_on and versions.ends_on
        ) as step_units,
        sum(versions.quantity_units) filter (
            where versions.counted_on <= arr_periods.period_ends_on and arr_periods.valued_on <= versions.ends_on
        ) as left_units,
        sum(versions.quantity_units) filter (
            where versions.is_last_step and arr_periods.valued_on <= versions.ends_on
        ) as signed_units,
        min(versions.starts_on) filter (
            where arr_periods.period_ends_on < versions.starts_on
        ) as next_change_on
    from arr_periods
    inner join versions
        on
        arr_periods.arr_line_id = versions.arr_line_id
        and arr_periods.period_ends_on >= versions.known_on
    group by arr_periods.arr_line_id, arr_periods.period_no

),

-- Prorated reductions leave a remainder of rounding: a line without units has no ARR.
kept as (

    select
        measured.*,
        arr_periods.is_ramp,
        arr_periods.is_recurring,
        arr_periods.is_committed,
        arr_periods.is_live and coalesce(measured.step_units, 1) != 0 as has_step,
        arr_periods.is_live and coalesce(measured.left_units, 1) != 0 as has_left,
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
        cast(case when has_step and is_recurring then coalesce(step_units, 0) else 0 end as bigint)
            as quantity_units,
        cast(
            case
                when not is_recurring then 0
                when is_ramp and has_left then coalesce(entry_minor, 0)
                when not is_ramp and has_step then coalesce(step_minor, 0)
                else 0
            end as bigint
        ) as arr_entry_minor,
        cast(case when has_step then coalesce(step_minor, 0) else 0 end as bigint)
            as arr_step_minor,
        cast(
            case
                when not is_recurring then 0
                when is_ramp and has_left then coalesce(average_minor, 0)
                when not is_ramp and has_step then coalesce(step_minor, 0)
                else 0
            end as bigint
        ) as arr_average_minor,
        cast(
            case
                when not is_recurring then 0
                when is_ramp and has_left then coalesce(exit_minor, 0)
                when not is_ramp and has_step then coalesce(step_minor, 0)
                else 0
            end as bigint
        ) as arr_exit_minor,
        cast(case when has_signed then coalesce(signed_minor, 0) else 0 end as bigint)
            as arr_carr_minor,
        cast(case when has_step then coalesce(commitment_minor, 0) else 0 end as bigint)
            as usage_commit_minor,
        case when is_committed then next_change_on end as next_change_on
    from kept

)

select * from final
