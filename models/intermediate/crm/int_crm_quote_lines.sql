-- Grain: one row per CPQ quote line, deleted ones included, with the amounts and days that CPQ
-- shows on it. CPQ keeps them in formula fields, which change without moving any stamp, so a loaded
-- value goes stale in silence: they are computed here from stored fields, branch by branch.
with

quote_lines as (

    select * from {{ ref('stg_salesforce__quote_lines') }}

),

quotes as (

    select * from {{ ref('stg_salesforce__quotes') }}

),

currencies as (

    select * from {{ ref('currencies') }}

),

prepared as (

    -- In these formulas a blank number is zero, a blank text is the empty text.
    select
        *,
        (
            coalesce(discount_schedule_type, '') = 'Slab'
            or coalesce(pricing_method, '') = 'Block'
        ) as is_priced_as_a_whole,
        (coalesce(is_existing, false) or coalesce(is_carryover, false)) as continues,
        (
            not coalesce(allows_asset_refund, false)
            and coalesce(subscription_pricing, '') = ''
        ) as is_kept_when_reduced,
        coalesce(quantity, 0) as new_quantity,
        coalesce(prior_quantity, 0) - coalesce(upgraded_quantity, 0) as old_quantity
    from quote_lines

),

effective as (

    select
        *,
        case
            -- The net price is that of the whole line: it counts once, or not at all.
            when is_priced_as_a_whole and not continues and new_quantity = 0 then 0
            when is_priced_as_a_whole and continues and new_quantity = old_quantity then 0
            when
                is_priced_as_a_whole and continues and is_kept_when_reduced
                and new_quantity < old_quantity
                then 0
            when is_priced_as_a_whole then 1
            when not continues then new_quantity
            -- A share of other lines is charged in full again when the line is amended.
            when new_quantity >= old_quantity and subscription_pricing = 'Percent Of Total'
                then new_quantity
            -- What was sold for good and may not be refunded cannot be taken back.
            when new_quantity < old_quantity and is_kept_when_reduced then 0
            else new_quantity - old_quantity
        end as effective_quantity
    from prepared

),

totaled as (

    select
        effective.quote_line_id,
        effective.quote_id,
        effective.product_id,
        effective.currency_code,
        effective.quantity,
        effective.prior_quantity,
        effective.net_price,
        effective.effective_quantity,
        -- A renewal line without a quantity before it renews nothing, and is not booked.
        case
            when
                coalesce(effective.is_renewal, false)
                and not coalesce(effective.is_existing, false)
                and effective.prior_quantity is null
                then 0
            -- CPQ keeps six decimals of a price and two of a quantity: the product stays exact.
            else
                cast(
                    cast(coalesce(effective.net_price, 0) as decimal(18, 6))
                    * cast(effective.effective_quantity as decimal(18, 4))
                    as decimal(28, 10)
                )
        end as net_total,
        currencies.minor_units_per_major,
        coalesce(effective.is_optional, false) as is_optional,
        effective.is_deleted,
        coalesce(effective.starts_on, quotes.starts_on) as starts_on,
        case
            when effective.subscription_type = 'Evergreen' then null
            else coalesce(effective.ends_on, quotes.ends_on)
        end as ends_on,
        effective.load_id
    from effective
    left join quotes
        on effective.quote_id = quotes.quote_id
    left join currencies
        on effective.currency_code = currencies.currency_code

)

select
    quote_line_id,
    quote_id,
    product_id,
    currency_code,
    quantity,
    prior_quantity,
    net_price,
    effective_quantity,
    net_total,
    {{ minor_units('net_total', 'minor_units_per_major') }} as net_total_minor,
    is_optional,
    is_deleted,
    starts_on,
    ends_on,
    load_id
from totaled
