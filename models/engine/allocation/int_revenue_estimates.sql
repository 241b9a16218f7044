-- Grain: one row per estimate of a variable amount, with what it includes in the transaction price
-- and how much that moves the price (606-10-32-8 to 14; the constraint: 32-11).
with

estimates as (

    select *
    from {{ ref('int_revenue_timeline') }}
    where event_type in ('price_estimate', 'refund_estimate')

),

included as (

    select
        *,
        case
            when event_type = 'refund_estimate' then -amount_minor
            when constrained_to is null then amount_minor
            else least(
                    amount_minor, {{ minor_from_decimal('constrained_to', 'currency_decimals') }}
                )
        end as included_minor
    from estimates

),

final as (

    select
        contract_key,
        timeline_no,
        step_no,
        occurred_on,
        event_type,
        line_key,
        component_id,
        is_inception_estimate,
        included_minor,
        included_minor - coalesce(lag(included_minor) over component, 0) as moved_minor,
        first_value(timeline_no) over component as first_position
    from included
    window component as (partition by contract_key, component_id order by timeline_no)

)

select * from final
