-- Grain: one row per contract line of the CRM, with its whole price before any price is shared.
with

annualized as (

    select * from {{ ref('int_bookings_annualized') }}

),

final as (

    select
        contract_line_id,
        max(customer_id) as customer_id,
        max(currency_code) as currency_code,
        max(recognition_pattern) as recognition_pattern,
        cast(sum(amount_minor) as bigint) as price_minor,
        max({{ days_between('starts_on', 'ends_on') }} + 1) as term_days
    from annualized
    group by contract_line_id

)

select * from final
