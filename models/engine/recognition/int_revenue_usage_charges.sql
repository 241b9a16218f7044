-- Grain: one row per usage event, with what it costs the customer: the charge already rated, else
-- the tiers with this event less without it, else quantity x unit price, each rounded. Of a
-- committed quantity only what goes beyond it costs anything.
with

usage_windows as (

    select * from {{ ref('int_revenue_usage_windows') }}

),

tier_charges as (

    select * from {{ ref('int_revenue_tier_charges') }}

),

final as (

    select
        usage_windows.contract_key,
        usage_windows.line_key,
        usage_windows.timeline_no,
        usage_windows.occurred_on,
        coalesce(
            case when usage_windows.price_minor > 0 then null else usage_windows.amount_minor end,
            case
                when usage_windows.price_minor > 0
                    then {{ overage('usage_windows.term_after') }}
                        - {{ overage('usage_windows.term_before') }}
                when usage_windows.tier_mode in ('graduated', 'volume')
                    then after_charges.charge_minor - before_charges.charge_minor
                else cast({{ rounded_quotient(
                    scaled_integer('coalesce(usage_windows.quantity, 0)', 6)
                    ~ ' * ' ~ scaled_integer('coalesce(usage_windows.unit_price, 0)', 10)
                    ~ ' * ' ~ power_of_ten('usage_windows.currency_decimals'),
                    '10000000000000000'
                ) }} as bigint)
            end
        ) as charge_minor
    from usage_windows
    left join tier_charges as before_charges
        on
        usage_windows.line_key = before_charges.line_key
        and usage_windows.window_before = before_charges.quantity
    left join tier_charges as after_charges
        on
        usage_windows.line_key = after_charges.line_key
        and usage_windows.window_after = after_charges.quantity

)

select * from final
