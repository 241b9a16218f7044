-- Grain: one row per CRM currency and stretch of days, with the rate as two integers.
-- The CRM states units per one unit of its corporate currency; where no dated rate covers a day,
-- its static rate does.
with

dated_rates as (

    select * from {{ ref('stg_salesforce__dated_conversion_rates') }}
    where not is_deleted

),

currency_types as (

    select * from {{ ref('stg_salesforce__currency_types') }}
    where not is_deleted

),

currencies as (

    select * from {{ ref('currencies') }}

),

stretches as (

    select
        currency_code,
        units_per_corporate_unit,
        starts_on,
        coalesce(ends_before, date '9999-12-31') as ends_before
    from dated_rates

    union all

    select
        currency_types.currency_code,
        currency_types.units_per_corporate_unit,
        date '0001-01-01' as starts_on,
        coalesce(min(dated_rates.starts_on), date '9999-12-31') as ends_before
    from currency_types
    left join dated_rates
        on currency_types.currency_code = dated_rates.currency_code
    group by currency_types.currency_code, currency_types.units_per_corporate_unit

),

scaled as (

    -- reporting minor units = minor units * numerator / denominator, rounded once
    select
        stretches.currency_code,
        stretches.starts_on,
        stretches.ends_before,
        cast(1000000 as bigint) * reporting.minor_units_per_major as rate_numerator,
        cast(round(stretches.units_per_corporate_unit * 1000000, 0) as bigint)
        * currencies.minor_units_per_major as rate_denominator
    from stretches
    inner join currencies
        on stretches.currency_code = currencies.currency_code
    cross join currencies as reporting
    where reporting.currency_code = '{{ var("reporting_currency") }}'

)

select * from scaled
