-- Grain: one row per revenue posting of a contract in another than its functional currency, in
-- minor units of the functional currency: at the rate of the order, line by line cumulatively, or
-- at historical rates, unit by unit.
with

daily_rates as (

    select * from {{ ref('int_revenue_daily_rates') }}

),

order_rates as (

    select
        contract_key,
        fx,
        max(case when signed_on >= starts_on and signed_on < ends_before then rate_units end)
            as order_rate_units
    from daily_rates
    group by contract_key, fx

),

unit_rates as (

    select * from {{ ref('int_revenue_unit_rates') }}

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

accumulated as (

    select
        postings.contract_key,
        postings.line_key,
        postings.posted_on,
        postings.service_on,
        postings.amount_minor,
        line_terms.line_no,
        order_rates.fx,
        order_rates.order_rate_units,
        row_number() over contract_order as posting_no,
        cast(sum(postings.amount_minor) over (
            partition by postings.contract_key, postings.line_key
            order by postings.posted_on, postings.service_on, postings.amount_minor
            rows between unbounded preceding and current row
        ) as bigint) as line_through,
        cast(sum(postings.amount_minor) over (
            contract_order rows between unbounded preceding and current row
        ) as bigint) as contract_through
    from {{ ref('int_revenue_postings') }} as postings
    inner join order_rates
        on postings.contract_key = order_rates.contract_key
    left join line_terms
        on postings.line_key = line_terms.line_key
    window
        contract_order as (
            partition by postings.contract_key
            order by
                postings.posted_on, line_terms.line_no, postings.service_on, postings.amount_minor
        )

),

at_order_rate as (

    select
        contract_key,
        line_key,
        posted_on,
        service_on,
        {{ rounded_quotient('line_through * order_rate_units', '10000000000') }}
        - {{ rounded_quotient(
            '(line_through - amount_minor) * order_rate_units', '10000000000'
        ) }} as amount_fn_minor
    from accumulated
    where fx = 'order_rate'

),

at_historical_rates as (

    select
        accumulated.contract_key,
        accumulated.line_key,
        accumulated.posted_on,
        accumulated.service_on,
        accumulated.posting_no,
        sign(any_value(accumulated.amount_minor)) * {{ rounded_quotient(
            'cast(sum((
                least(unit_rates.to_unit, greatest(
                    accumulated.contract_through,
                    accumulated.contract_through - accumulated.amount_minor
                ))
                - greatest(unit_rates.from_unit, least(
                    accumulated.contract_through,
                    accumulated.contract_through - accumulated.amount_minor
                ))
            ) * unit_rates.rate_units) as hugeint)',
            '10000000000'
        ) }} as amount_fn_minor
    from accumulated
    inner join unit_rates
        on
        accumulated.contract_key = unit_rates.contract_key
        and unit_rates.from_unit < greatest(
            accumulated.contract_through, accumulated.contract_through - accumulated.amount_minor
        )
        and unit_rates.to_unit > least(
            accumulated.contract_through, accumulated.contract_through - accumulated.amount_minor
        )
    where accumulated.fx = 'historical'
    group by
        accumulated.contract_key,
        accumulated.line_key,
        accumulated.posted_on,
        accumulated.service_on,
        accumulated.posting_no

)

select
    contract_key,
    line_key,
    posted_on,
    service_on,
    cast(amount_fn_minor as bigint) as amount_fn_minor
from at_order_rate

union all

select
    contract_key,
    line_key,
    posted_on,
    service_on,
    cast(amount_fn_minor as bigint) as amount_fn_minor
from at_historical_rates
