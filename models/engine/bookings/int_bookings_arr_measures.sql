-- Grain: one row per ARR line x accounting period, with the sums its policies are made of: what was
-- signed by the end of the period, of the step that runs, of the first and of the last step.
with

arr_periods as (

    select * from {{ ref('int_bookings_arr_periods') }}

),

versions as (

    select * from {{ ref('int_bookings_arr_versions') }}

),

final as (

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
            where
            versions.counted_on <= arr_periods.period_ends_on
            and arr_periods.valued_on <= versions.ends_on
        ) as left_units,
        sum(versions.quantity_units) filter (
            where versions.step_no = 1 and versions.counted_on <= arr_periods.period_ends_on
        ) as entry_units,
        sum(versions.quantity_units) filter (
            where
            versions.is_last_step and versions.counted_on <= arr_periods.period_ends_on
            and arr_periods.valued_on <= versions.ends_on
        ) as exit_units,
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

)

select * from final
