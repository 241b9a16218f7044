-- Grain: one row per contract line version as the CRM states it (one activated order product).
-- Same shape as int_erp_contract_lines. Amounts are what the version adds to the line.
with

order_lines as (

    select * from {{ ref('int_crm_order_lines') }}

),

rates as (

    select * from {{ ref('int_crm_reporting_rates') }}

),

selling_prices as (

    select * from {{ ref('int_crm_selling_prices') }}

),

versioned as (

    select
        *,
        cast(row_number() over family as integer) as version_no,
        -- One line has one contract: that of its original, else the first amendment's, else the
        -- order stands for it.
        coalesce(
            first_value(contract_id) over family,
            min(contract_id) over (partition by line_record_id),
            first_value(header_record_id) over family
        ) as contract_record_id
    from order_lines
    window family as (
        partition by line_record_id
        order by generation_no, known_on, record_id
    )

),

classified as (

    select
        *,
        case
            when contract_action = 'Cancel' then 'cancellation'
            when version_no = 1 then 'initial'
            when amount_minor > 0 then 'increase'
            when amount_minor < 0 then 'decrease'
            else 'neutral'
        end as change_kind
    from versioned

),

converted as (

    -- At the CRM's dated rate of the day the deal was booked.
    select
        classified.*,
        selling_prices.selling_price,
        selling_prices.selling_price_percent,
        selling_prices.usage_price,
        selling_prices.unprorated_price,
        rates.rate_numerator,
        rates.rate_denominator,
        {{ converted_minor_units(
            'classified.amount_minor', 'rates.rate_numerator', 'rates.rate_denominator'
        ) }} as amount_rpt_minor
    from classified
    left join selling_prices
        on classified.record_id = selling_prices.order_item_id
    left join rates
        on
        classified.currency_code = rates.currency_code
        and classified.known_on >= rates.starts_on
        and classified.known_on < rates.ends_before

)

select * from converted
