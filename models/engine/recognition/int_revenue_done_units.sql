-- Grain: one row per contract line earned by events x position that touches it, with what of its
-- open part is done, out of how much (606-10-25-31; the total of a drawdown is what is expected to
-- be used, 55-48), and what its use has been charged. Units: millionths of the line's measure.
with

measures as (

    select * from {{ ref('int_revenue_measures') }}

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

states as (

    select * from {{ ref('int_revenue_states') }}

),

usage_charges as (

    select * from {{ ref('int_revenue_usage_charges') }}

),

tier_charges as (

    select * from {{ ref('int_revenue_tier_charges') }}

),

joined as (

    select
        measures.*,
        line_terms.breakage,
        line_terms.minimum,
        line_terms.tiered_usage,
        line_terms.tier_mode,
        line_terms.unit_price,
        line_terms.price_minor,
        line_terms.currency_decimals,
        states.frozen_minor,
        states.is_stopped,
        states.open_minor,
        states.component_minor,
        states.delivered_base,
        states.progressed_base,
        states.used_base,
        coalesce(measures.expected_after, measures.quantity_after) as expected_total,
        tier_charges.charge_units as expected_charge_units,
        cast(coalesce(sum(usage_charges.charge_minor) over so_far, 0) as bigint) as charged_minor
    from measures
    inner join line_terms
        on measures.line_key = line_terms.line_key
    inner join states
        on
        measures.line_key = states.line_key
        and measures.state_step_no = states.step_no
    left join usage_charges
        on
        measures.line_key = usage_charges.line_key
        and measures.timeline_no = usage_charges.timeline_no
    left join tier_charges
        on
        measures.line_key = tier_charges.line_key
        and measures.expected_after = tier_charges.quantity
    window so_far as (partition by measures.line_key order by measures.timeline_no)

),

final as (

    select
        *,
        pattern = 'usage' and price_minor > 0 as is_committed,
        case
            when pattern = 'point_in_time'
                then {{ scaled_integer('delivered_after - delivered_base', 6) }}
            when pattern = 'progress'
                then {{ scaled_integer('progressed_after - progressed_base', 6) }}
            else {{ scaled_integer('used_after - used_base', 6) }}
        end as done_units,
        case
            when pattern = 'point_in_time'
                then {{ scaled_integer('quantity_after - delivered_base', 6) }}
            when pattern = 'progress'
                then {{ scaled_integer('expected_total - progressed_base', 6) }}
            when pattern = 'drawdown' and breakage = 'proportional'
                then {{ scaled_integer('expected_total - used_base', 6) }}
            else {{ scaled_integer('quantity_after - used_base', 6) }}
        end as total_units,
        {{ scaled_integer('used_after', 6) }} as used_units,
        {{ scaled_integer('expected_total', 6) }} as expected_units
    from joined

)

select * from final
