-- Grain: one row per contract line earned by events x position that touches it, with the revenue
-- of the line to date after it: what was recognized before its open part, and the open part by
-- what has been delivered, progressed or used of it (606-10-25-30 and 31; usage 55-18; breakage
-- 55-48).
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

satisfied as (

    select
        *,
        pattern = 'usage' and price_minor > 0 as is_committed,
        case
            when pattern = 'point_in_time' then {{ scaled_integer('delivered_after - delivered_base', 6) }}
            when pattern = 'progress' then {{ scaled_integer('progressed_after - progressed_base', 6) }}
            else {{ scaled_integer('used_after - used_base', 6) }}
        end as done_units,
        case
            when pattern = 'point_in_time' then {{ scaled_integer('quantity_after - delivered_base', 6) }}
            when pattern = 'progress' then {{ scaled_integer('expected_total - progressed_base', 6) }}
            when pattern = 'drawdown' and breakage = 'proportional'
                then {{ scaled_integer('expected_total - used_base', 6) }}
            else {{ scaled_integer('quantity_after - used_base', 6) }}
        end as total_units,
        {{ scaled_integer('used_after', 6) }} as used_units,
        {{ scaled_integer('expected_total', 6) }} as expected_units
    from joined

),

earned as (

    select
        *,
        case
            when pattern = 'option' then case when is_expired_after then open_minor else 0 end
            when pattern = 'drawdown' and is_expired_after and breakage != 'none' then open_minor
            when pattern = 'usage' and (not is_committed or minimum = 'stand_ready') then 0
            when coalesce(total_units, 0) <= 0
                then case when done_units > 0 or frozen_minor != 0 then open_minor else 0 end
            when pattern = 'point_in_time'
                then {{ rounded_quotient(wide_integer('open_minor') ~ ' * done_units', 'total_units') }}
            else {{ rounded_quotient(
                wide_integer('open_minor - uninstalled_minor') ~ ' * least(done_units, total_units)',
                'total_units'
            ) }} + uninstalled_minor
        end as open_earned_minor,
        -- Variable amounts of a usage line: its charges or their expected average, and the part
        -- of an amount that is earned with use, rounded together.
        case
            when pattern != 'usage' then 0
            when coalesce(expected_units, 0) <= 0 then charged_minor
            when not is_committed and tiered_usage = 'estimated' and tier_mode != 'none'
                then {{ rounded_quotient(
                    'used_units * expected_charge_units + 10000000000000000 * '
                    ~ wide_integer('component_minor') ~ ' * least(used_units, expected_units)',
                    '(expected_units * 10000000000000000)'
                ) }}
            else charged_minor + {{ rounded_quotient(
                wide_integer('component_minor') ~ ' * least(used_units, expected_units)',
                'expected_units'
            ) }}
        end as usage_earned_minor,
        case
            when is_committed and used_after > quantity_after
                then {{ rounded_quotient(
                    scaled_integer('used_after - quantity_after', 6)
                    ~ ' * ' ~ scaled_integer('coalesce(unit_price, 0)', 10)
                    ~ ' * ' ~ power_of_ten('currency_decimals'),
                    '10000000000000000'
                ) }}
            else 0
        end as overage_minor
    from satisfied

),

final as (

    select
        contract_key,
        line_key,
        timeline_no,
        occurred_on,
        modification_id,
        cast(
            case when pattern = 'usage' and minimum = 'stand_ready' then 0 else frozen_minor end
            + open_earned_minor
            + usage_earned_minor
            + overage_minor
            as bigint
        ) as revenue_minor,
        cast(usage_earned_minor + overage_minor as bigint) as variable_minor,
        used_after,
        least(done_units, greatest(total_units, 0)) as satisfied_units,
        greatest(total_units, 0) as satisfiable_units
    from earned

)

select * from final
