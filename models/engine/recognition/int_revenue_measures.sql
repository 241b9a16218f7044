-- Grain: one row per contract line that is earned by events x position that touches it, with what
-- has been delivered, used and progressed before and after.
with

counts as (

    select * from {{ ref('int_revenue_counts') }}

),

compared as (

    select
        contract_key,
        line_key,
        pattern,
        timeline_no,
        occurred_on,
        step_no,
        modification_id,
        event_type,
        state_step_no,
        cast(uninstalled_minor as bigint) as uninstalled_minor,
        cast(quantity_after as decimal(28, 10)) as quantity_after,
        cast(delivered_after as decimal(28, 10)) as delivered_after,
        cast(progressed_after as decimal(28, 10)) as progressed_after,
        cast(used_after as decimal(28, 10)) as used_after,
        cast(expected_after as decimal(28, 10)) as expected_after,
        is_expired_after,
        cast(
            coalesce(
                lag(quantity_after) over line_window,
                sold_quantity,
                case when pattern = 'point_in_time' then 1 end
            ) as decimal(28, 10)
        ) as quantity_before,
        cast(coalesce(lag(delivered_after) over line_window, 0) as decimal(28, 10))
            as delivered_before,
        cast(coalesce(lag(progressed_after) over line_window, 0) as decimal(28, 10))
            as progressed_before,
        cast(coalesce(lag(used_after) over line_window, 0) as decimal(28, 10)) as used_before,
        cast(lag(expected_after) over line_window as decimal(28, 10)) as expected_before,
        coalesce(lag(is_expired_after) over line_window, false) as is_expired_before
    from counts
    window
        line_window as (partition by line_key order by timeline_no)

),

final as (

    -- What of the line is done, out of what in all.
    select
        *,
        case pattern
            when 'point_in_time' then delivered_before
            when 'progress' then progressed_before
            else used_before
        end as done_before,
        case
            when pattern in ('progress', 'drawdown')
                then coalesce(expected_before, quantity_before)
            else quantity_before
        end as total_before
    from compared

)

select * from final
