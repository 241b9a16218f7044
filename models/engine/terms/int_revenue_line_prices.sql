-- Grain: one row per contract line, with its price, its days of service (both ends inclusive) and
-- its recognition settings: those of the line's own policy where it has one, else the contract's.
with

lines as (

    select * from {{ ref('int_revenue_lines') }}

),

contracts as (

    select * from {{ ref('int_revenue_contracts') }}

),

policies as (

    select * from {{ ref('int_revenue_policies') }}

),

governed as (

    select
        lines.*,
        contracts.currency_decimals,
        contracts.cancel_right_from,
        not coalesce(contracts.cancel_penalty_substantive, false) as is_free_to_cancel,
        policies.proration,
        policies.day_boundary,
        policies.schedule_residual,
        policies.pricing_term,
        policies.anchor_day,
        policies.breakage,
        policies.minimum,
        policies.tiered_usage,
        policies.tier_reset,
        case policies.end_date
            when 'exclusive' then {{ add_days('lines.ends_on', '-1') }} else lines.ends_on
        end as serves_until
    from lines
    inner join contracts
        on lines.contract_key = contracts.contract_key
    left join policies
        on coalesce(lines.policy_id, contracts.policy_id) = policies.policy_id

),

windows as (

    select
        *,
        starts_on as window_starts_on,
        serves_until as window_ends_on
    from governed

),

measured as (

    {{ with_pricing_periods('windows') }}

),

stated as (

    select
        *,
        case
            when price is not null then {{ minor_from_decimal('price', 'currency_decimals') }}
            when unit_price is not null and price_period is not null
                then {{ recurring_price_minor('quantity') }}
            else 0
        end as stated_minor
    from measured

),

final as (

    select
        contract_key,
        line_key,
        line_no,
        modification_id,
        pattern,
        is_distinct,
        is_series,
        ramp_group,
        tier_mode,
        quantity,
        unit_price,
        price_period,
        list_price,
        ssp,
        ssp_method,
        ssp_percent,
        ssp_group,
        ssp_low,
        ssp_high,
        option_purchase,
        option_discount,
        general_discount,
        likelihood,
        currency_decimals,
        proration,
        day_boundary,
        schedule_residual,
        pricing_term,
        anchor_day,
        breakage,
        minimum,
        tiered_usage,
        tier_reset,
        starts_on,
        serves_until as ends_on,
        case when is_free_to_cancel then cancel_right_from end as cancel_right_from,
        -- A renewal that is looked through counts with its likelihood (55-45).
        case
            when likelihood is null or pattern = 'option' then stated_minor
            else cast({{ rounded_quotient(
                wide_integer('stated_minor') ~ ' * ' ~ scaled_integer('likelihood', 6), '1000000'
            ) }} as bigint)
        end as price_minor
    from stated

)

select * from final
