-- Grain: one row per contract line of the CRM x accounting period that has ended and in which it
-- has service or ARR, contract currency, minor units. run_rate: a twelfth of its ARR at the end of
-- the period; served: that by the days of service; by_days: the price of those days; own: the same
-- and what is delivered at once or carries no ARR, before any price is shared. What a cancellation
-- of the past takes back counts in the period in which it is known.
with

annualized as (

    select * from {{ ref('int_bookings_annualized') }}
    where recognition_pattern in ('ratable', 'point_in_time') and starts_on is not null

),

balances as (

    select * from {{ ref('int_bookings_arr_balances') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}
    where has_ended

),

known_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

overlapping as (

    select
        annualized.contract_line_id,
        annualized.recognition_pattern,
        annualized.is_recurring,
        annualized.arr_minor,
        annualized.amount_minor,
        case
            when annualized.change_kind = 'cancellation'
                then greatest(accounting_periods.period_no, known_periods.period_no)
            else accounting_periods.period_no
        end as period_no,
        annualized.starts_on >= accounting_periods.starts_on as starts_in_period,
        {{ days_between('accounting_periods.starts_on', 'accounting_periods.ends_on') }} + 1
            as period_days,
        {{ days_between('annualized.starts_on', 'annualized.ends_on') }} + 1 as term_days,
        greatest(
            {{ days_between('annualized.starts_on', 'accounting_periods.starts_on') }}, 0
        ) as days_before,
        {{ days_between(
            'annualized.starts_on', 'least(annualized.ends_on, accounting_periods.ends_on)'
        ) }} + 1 as days_through
    from annualized
    inner join accounting_periods
        on
        annualized.starts_on <= accounting_periods.ends_on
        and annualized.ends_on >= accounting_periods.starts_on
    left join known_periods
        on
        annualized.known_on >= known_periods.starts_on
        and annualized.known_on <= known_periods.ends_on
    where annualized.change_kind != 'cancellation' or known_periods.has_ended is not false

),

valued as (

    select
        *,
        {{ rounded_quotient('amount_minor * days_through', 'term_days') }}
        - {{ rounded_quotient('amount_minor * days_before', 'term_days') }} as days_minor,
        {{ rounded_quotient('arr_minor * (days_through - days_before)', '12 * period_days') }}
            as days_of_arr_minor
    from overlapping

),

served as (

    select
        contract_line_id,
        period_no,
        0 as run_rate_minor,
        sum(days_of_arr_minor) as served_minor,
        sum(case when is_recurring then days_minor else 0 end) as by_days_minor,
        sum(
            case
                when recognition_pattern = 'ratable' then days_minor
                when starts_in_period then amount_minor
                else 0
            end
        ) as own_minor,
        max(days_through - days_before) as service_days
    from valued
    group by contract_line_id, period_no

),

running as (

    select
        arr_line_id as contract_line_id,
        period_no,
        {{ rounded_quotient('arr_step_minor', '12') }} as run_rate_minor,
        0 as served_minor,
        0 as by_days_minor,
        0 as own_minor,
        0 as service_days
    from balances
    where arr_step_minor != 0

),

combined as (

    select * from served

    union all

    select * from running

),

final as (

    select
        contract_line_id,
        period_no,
        cast(sum(run_rate_minor) as bigint) as run_rate_minor,
        cast(sum(served_minor) as bigint) as served_minor,
        cast(sum(by_days_minor) as bigint) as by_days_minor,
        cast(sum(own_minor) as bigint) as own_minor,
        cast(sum(service_days) as bigint) as service_days
    from combined
    group by contract_line_id, period_no

)

select * from final
