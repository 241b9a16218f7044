-- Grain: one row per currency and stretch of days of the ERP's rate table, with its rate to the
-- reporting currency as two integers.
with

currency_rates as (

    select * from {{ ref('stg_netsuite__currency_rates') }}

),

erp_currencies as (

    select * from {{ ref('stg_netsuite__currencies') }}

),

currencies as (

    select * from {{ ref('currencies') }}

),

daily as (

    -- Should the table hold two rates of one day, the later record stands.
    select
        erp_currencies.currency_code,
        currency_rates.exchange_rate,
        currency_rates.starts_on
    from currency_rates
    inner join erp_currencies
        on currency_rates.currency_id = erp_currencies.currency_id
    inner join erp_currencies as base_currencies
        on currency_rates.base_currency_id = base_currencies.currency_id
    where base_currencies.currency_code = '{{ var("reporting_currency") }}'
    qualify row_number() over (
            partition by currency_rates.currency_id, currency_rates.starts_on
            order by currency_rates.currency_rate_id desc
        ) = 1

),

stretches as (

    select
        *,
        coalesce(
            lead(starts_on) over (partition by currency_code order by starts_on),
            date '9999-12-31'
        ) as ends_before
    from daily

),

scaled as (

    -- reporting minor units = minor units * numerator / denominator, rounded once
    select
        stretches.currency_code,
        stretches.starts_on,
        stretches.ends_before,
        cast(round(stretches.exchange_rate * 100000000, 0) as bigint)
        * reporting.minor_units_per_major as rate_numerator,
        cast(100000000 as bigint) * currencies.minor_units_per_major as rate_denominator
    from stretches
    inner join currencies
        on stretches.currency_code = currencies.currency_code
    cross join currencies as reporting
    where reporting.currency_code = '{{ var("reporting_currency") }}'

)

select * from scaled
