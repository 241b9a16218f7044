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

shares as (

    select * from {{ ref('int_revenue_known_shares') }}

),

expected_refunds as (

    select
        known_states.contract_key,
        known_states.as_of,
        estimates.line_key,
        any_value(known_states.closed_unsatisfied) as closed_unsatisfied,
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
        -- Satisfied of the whole line: what was closed, and the share of the open part.
        {{ rounded_quotient(
            wide_integer('expected_refunds.refund_minor') ~ ' * (
                1000000000000 * coalesce(shares.satisfied_denominator, 1)
                - expected_refunds.closed_unsatisfied * (
                    coalesce(shares.satisfied_denominator, 1)
                    - least(
                        coalesce(shares.satisfied_numerator, 0),
                        coalesce(shares.satisfied_denominator, 1)
                    )
                )
            )',
            '(1000000000000 * coalesce(shares.satisfied_denominator, 1))'
        ) }} as liability_minor
    from expected_refunds
    left join shares
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
