-- Grain: one row per customer (var arr_customer_level) x accounting period, with what its ARR did
-- and the end of the last period with any.
-- Decided on the customer's whole ARR in the reporting currency: exactly one label a period.
with

balances as (

    select * from {{ ref('int_bookings_arr_balances') }}

),

rates as (

    select * from {{ ref('int_bookings_constant_rates') }}

),

summed as (

    select
        balances.arr_customer_id,
        balances.period_no,
        max(balances.period_ends_on) as period_ends_on,
        sum(
            {{ converted_minor_units(
                'balances.begin_minor', 'rates.rate_numerator', 'rates.rate_denominator'
            ) }}
        ) as begin_minor,
        sum(
            {{ converted_minor_units(
                'balances.end_minor', 'rates.rate_numerator', 'rates.rate_denominator'
            ) }}
        ) as end_minor
    from balances
    inner join rates
        on balances.currency_code = rates.currency_code
    group by balances.arr_customer_id, balances.period_no

),

remembered as (

    select
        *,
        max(case when end_minor > 0 then period_ends_on end) over (
            partition by arr_customer_id
            order by period_no
            rows between unbounded preceding and 1 preceding
        ) as last_active_on
    from summed

),

final as (

    select
        arr_customer_id,
        period_no,
        period_ends_on,
        end_minor > 0 as has_arr_at_end,
        case when end_minor > 0 then period_ends_on else last_active_on end as active_through,
        case
            when begin_minor > 0 and end_minor = 0 then 'churn'
            when begin_minor = 0 and end_minor > 0 and last_active_on is null then 'new'
            when
                begin_minor = 0
                and end_minor > 0
                and {{ var('arr_new_again_after_days') }} > 0
                and {{ days_between('last_active_on', 'period_ends_on') }}
                > {{ var('arr_new_again_after_days') }}
                then 'new'
            when begin_minor = 0 and end_minor > 0 then 'reactivation'
            when end_minor < begin_minor then 'contraction'
            else 'expansion'
        end as movement
    from remembered

)

select * from final
