-- Grain: one row per contract x asked day with something expected to be refunded: the estimate for
-- what has been transferred (606-10-32-10), and what an all-unit rebate expected by the average
-- price of tiered usage will give back.
with

known_states as (

    select * from {{ ref('int_revenue_known_states') }}

),

known_values as (

    select * from {{ ref('int_revenue_known_values') }}

),

estimates as (

    select * from {{ ref('int_revenue_estimates') }}
    where event_type = 'refund_estimate'

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

first_bands as (

    select
        line_key,
        {{ scaled_integer('unit_price', 10) }} as first_price
    from {{ ref('int_revenue_rate_bands') }}
    qualify row_number() over (partition by line_key order by from_quantity) = 1

),

time_lines as (

    select
        known_states.line_key,
        known_states.as_of,
        known_states.starts_on,
        known_states.ends_on,
        line_terms.proration,
        line_terms.day_boundary
    from known_states
    inner join line_terms
        on known_states.line_key = line_terms.line_key
    where
        line_terms.pattern = 'ratable'
        and known_states.line_key in (select estimates.line_key from estimates)

),

termed as (

    {{ with_term_measures('time_lines') }}

),

time_shares as (

    -- Served through the last period that ended by the day.
    select
        termed.*,
        calendar.period_no,
        calendar.period_days,
        {{ days_between(
            'greatest(calendar.period_starts_on, termed.starts_on)', 'calendar.calendar_day'
        ) }} + 1 as served_days,
        {{ days_between(
            'greatest(calendar.period_starts_on, termed.starts_on)', 'calendar.calendar_day'
        ) }} + 1 as through_days,
        {{ days_between('termed.starts_on', 'calendar.calendar_day') }} + 1 as elapsed_days
    from termed
    inner join {{ ref('int_revenue_calendar') }} as as_of_day
        on termed.as_of = as_of_day.calendar_day
    inner join {{ ref('int_revenue_calendar') }} as calendar
        on
        calendar.calendar_day = case
            when termed.ends_on <= termed.as_of then termed.ends_on
            when termed.as_of = as_of_day.period_ends_on then termed.as_of
            else {{ add_days('as_of_day.period_starts_on', '-1') }}
        end
    where calendar.calendar_day >= termed.starts_on

),

shares as (

    select
        line_key,
        as_of,
        {{ earned_share('numerator') }} as satisfied_numerator,
        {{ earned_share('denominator') }} as satisfied_denominator
    from time_shares

    union all

    select
        line_key,
        as_of,
        satisfied_numerator,
        satisfied_denominator
    from known_values
    where satisfied_denominator > 0

),

expected_refunds as (

    select
        known_states.contract_key,
        known_states.as_of,
        estimates.line_key,
        cast(-sum(estimates.moved_minor) as bigint) as refund_minor
    from known_states
    inner join estimates
        on
        known_states.line_key = estimates.line_key
        and known_states.as_of >= estimates.occurred_on
    group by known_states.contract_key, known_states.as_of, estimates.line_key

),

liabilities as (

    select
        expected_refunds.contract_key,
        expected_refunds.as_of,
        {{ rounded_quotient(
            wide_integer('expected_refunds.refund_minor') ~ ' * shares.satisfied_numerator',
            'shares.satisfied_denominator'
        ) }} as liability_minor
    from expected_refunds
    inner join shares
        on
        expected_refunds.line_key = shares.line_key
        and expected_refunds.as_of = shares.as_of

    union all

    select
        known_values.contract_key,
        known_values.as_of,
        greatest(
            {{ rounded_quotient(
                scaled_integer('known_values.used_quantity', 6) ~ ' * first_bands.first_price * '
                ~ power_of_ten('line_terms.currency_decimals'),
                '10000000000000000'
            ) }} - known_values.revenue_minor,
            0
        ) as liability_minor
    from known_values
    inner join line_terms
        on known_values.line_key = line_terms.line_key
    inner join first_bands
        on known_values.line_key = first_bands.line_key
    where line_terms.tier_mode = 'volume' and line_terms.tiered_usage = 'estimated'

),

final as (

    select
        contract_key,
        as_of,
        cast(sum(liability_minor) as bigint) as refund_liability_minor
    from liabilities
    group by contract_key, as_of

)

select * from final
