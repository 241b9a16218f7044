-- Grain: one row per contract line that is earned by events x position in its contract's timeline
-- that touches it, with what has been delivered, used and progressed after it. A position touches a
-- line when the event names it, or when it changes the state of the contract.
with

timeline as (

    select * from {{ ref('int_revenue_timeline') }}

),

line_terms as (

    select *
    from {{ ref('int_revenue_line_terms') }}
    where pattern in ('point_in_time', 'progress', 'drawdown', 'usage', 'option')

),

touches as (

    select
        line_terms.contract_key,
        line_terms.line_key,
        line_terms.pattern,
        line_terms.quantity as sold_quantity,
        timeline.timeline_no,
        timeline.occurred_on,
        timeline.step_no,
        timeline.modification_id,
        timeline.event_type,
        case when line_terms.line_key = timeline.line_key then timeline.event_type end
            as own_event_type,
        timeline.quantity,
        timeline.amount_minor
    from line_terms
    inner join timeline
        on
        line_terms.contract_key = timeline.contract_key
        and (line_terms.line_key = timeline.line_key or timeline.step_no is not null)

),

moved as (

    select
        *,
        case own_event_type when 'delivery' then quantity end as delivered_quantity,
        coalesce(sold_quantity, case when pattern = 'point_in_time' then 1 end)
        + coalesce(
            sum(case own_event_type when 'amendment_change' then quantity end) over so_far, 0
        ) as quantity_after,
        -- A delivery without a quantity delivers all that remains: counting starts again from it.
        sum(case when own_event_type = 'delivery' and quantity is null then 1 else 0 end)
            over so_far as deliveries_of_rest,
        coalesce(sum(case own_event_type when 'progress' then quantity end) over so_far, 0)
            as progressed_after,
        coalesce(
            sum(case when own_event_type in ('usage', 'redemption') then quantity end) over so_far,
            0
        ) as used_after,
        last_value(case own_event_type when 'expected_total' then quantity end ignore nulls)
            over so_far as expected_after,
        bool_or(coalesce(own_event_type = 'expiry', false)) over so_far as is_expired_after,
        coalesce(
            sum(case own_event_type when 'uninstalled_material' then amount_minor end) over so_far,
            0
        ) as uninstalled_minor,
        coalesce(last_value(step_no ignore nulls) over so_far, 0) as state_step_no
    from touches
    window
        so_far as (
            partition by line_key
            order by timeline_no
            rows between unbounded preceding and current row
        )

),

final as (

    select
        *,
        case
            when deliveries_of_rest = 0
                then coalesce(sum(delivered_quantity) over since_rest, 0)
            else first_value(quantity_after) over since_rest
                + coalesce(sum(delivered_quantity) over since_rest, 0)
        end as delivered_after
    from moved
    window
        since_rest as (
            partition by line_key, deliveries_of_rest
            order by timeline_no
            rows between unbounded preceding and current row
        )

)

select * from final
