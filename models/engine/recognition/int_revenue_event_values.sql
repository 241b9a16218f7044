-- Grain: one row per contract line earned by events x position that touches it, with the revenue
-- of the line to date after it: what was recognized before its open part, and the open part by
-- what has been delivered, progressed or used of it (606-10-25-30 and 31; usage 55-18; breakage
-- 55-48).
with

satisfied as (

    select * from {{ ref('int_revenue_done_units') }}

),

earned as (

    select
        *,
        case
            when pattern = 'option' then case when is_expired_after then open_minor else 0 end
            when pattern = 'drawdown' and is_expired_after and breakage != 'none' then open_minor
            when pattern = 'usage' and (not is_committed or minimum = 'stand_ready') then 0
            when is_stopped then open_minor
            when coalesce(total_units, 0) <= 0
                then case when done_units > 0 or frozen_minor != 0 then open_minor else 0 end
            when pattern = 'point_in_time'
                then {{ rounded_quotient(
                    wide_integer('open_minor') ~ ' * done_units', 'total_units'
                ) }}
            else {{ rounded_quotient(
                wide_integer('open_minor - uninstalled_minor')
                ~ ' * least(done_units, total_units)',
                'total_units'
            ) }} + uninstalled_minor
        end as open_earned_minor,
        -- Variable amounts of a usage line: its charges or their expected average, and the part
        -- of an amount that is earned with use, rounded together.
        case
            when pattern != 'usage' then 0
            when coalesce(expected_units, 0) <= 0
                then case when is_committed then 0 else charged_minor end
            when not is_committed and tiered_usage = 'estimated' and tier_mode != 'none'
                then {{ rounded_quotient(
                    'used_units * expected_charge_units + 10000000000000000 * '
                    ~ wide_integer('component_minor') ~ ' * least(used_units, expected_units)',
                    '(expected_units * 10000000000000000)'
                ) }}
            else case when is_committed then 0 else charged_minor end + {{ rounded_quotient(
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
