-- The engine's input for {lines} made-up contracts: terms of one to three years, spread by days. One in
-- ten is terminated half a year before its end with a credit, one in ten has an addition.
create schema core;
create schema intermediate;

create table core.dim_accounting_period as
select
    cast(row_number() over (order by starts_on) as integer) as period_no,
    strftime(starts_on, '%Y-%m') as period_key,
    strftime(starts_on, '%Y-%m') as period_name,
    starts_on,
    last_day(starts_on) as ends_on
from (
    select cast(unnest(generate_series(date '2022-01-01', date '2029-12-01', interval 1 month)) as date)
        as starts_on
) as months;

create table intermediate.int_revenue_policies as
select
    'daily' as policy_id, 'daily' as proration, 'midnight' as day_boundary, 'inclusive' as end_date,
    'given' as pricing_term, cast(null as integer) as anchor_day,
    'largest_remainder' as allocation_residual, 'cumulative' as schedule_residual,
    'midpoint' as residual_fallback, 'pooled' as variable_allocation,
    cast('0.10' as decimal(28, 10)) as variable_test_tolerance, 'as_priced' as ramp,
    'auto' as modification, 'continuation' as option_exercise, 'catch_up' as credit_note,
    'remote' as breakage, 'drawdown' as minimum, 'as_incurred' as tiered_usage, 'month' as tier_reset,
    'invoice_date' as receivable_on, 'none' as fx, 'none' as financing;

create table intermediate.int_revenue_contracts as
select
    'contract|' || md5(cast(number as varchar)) as contract_key, 'daily' as policy_id,
    'none' as rate_set, 2 as currency_decimals, 'customer ' || number % 5000 as customer_id,
    date '2022-03-01' + cast(number % 700 as integer) as signed_on, 'USD' as currency,
    'USD' as functional_currency, cast(null as decimal(28, 10)) as transaction_price,
    false as cancellable, cast(null as date) as cancel_right_from,
    cast(null as boolean) as cancel_penalty_substantive,
    cast(null as decimal(28, 10)) as minimum_amount, cast(null as varchar) as minimum_period,
    cast(null as date) as books_closed_through, cast(null as decimal(28, 10)) as financing_rate,
    cast(null as varchar) as compounding
from range({lines} - {lines} // 11) as numbers (number);

create table intermediate.int_revenue_lines as
with sold as (
    select number, 1 as line_no, 0 as days_later from range({lines} - {lines} // 11) as numbers (number)
    union all
    select number * 10 as number, 2 as line_no, 100 as days_later
    from range({lines} // 11) as numbers (number)
)
select
    'contract|' || md5(cast(number as varchar)) as contract_key,
    'contract|' || md5(number || ' ' || line_no) as line_key, line_no, cast(null as varchar) as policy_id,
    cast(null as varchar) as product,
    case line_no when 2 then 'contract|' || md5(number || ' 2') end as modification_id,
    cast(null as decimal(28, 10)) as quantity,
    cast(1200 + number % 977 as decimal(28, 10)) as price,
    cast(null as decimal(28, 10)) as unit_price, cast(null as varchar) as price_period,
    cast(null as decimal(28, 10)) as list_price,
    cast(1200 + number % 977 as decimal(28, 10)) as ssp, 'given' as ssp_method,
    cast(null as decimal(28, 10)) as ssp_percent, cast(null as varchar) as ssp_group,
    cast(null as decimal(28, 10)) as ssp_low, cast(null as decimal(28, 10)) as ssp_high,
    cast(null as decimal(28, 10)) as option_purchase, cast(null as decimal(28, 10)) as option_discount,
    cast(null as decimal(28, 10)) as general_discount, cast(null as decimal(28, 10)) as likelihood,
    'ratable' as pattern,
    date '2022-03-01' + cast(number % 700 + days_later as integer) as starts_on,
    date '2022-03-01' + cast(number % 700 + 365 * (1 + number % 3) as integer) - 1 as ends_on,
    true as is_distinct, true as is_series, cast(null as varchar) as ramp_group, 'none' as tier_mode
from sold;

create table intermediate.int_revenue_events as
with happened as (
    select
        contract_key, line_key, modification_id, 'amendment_add' as event_type, 1 as turn,
        starts_on as occurred_on, cast(null as decimal(28, 10)) as amount, cast(null as date) as ends_on
    from intermediate.int_revenue_lines
    where line_no = 2
    union all
    select
        contract_key, cast(null as varchar) as line_key, 'end of ' || contract_key as modification_id,
        'termination' as event_type, 2 as turn, ends_on - 180 as occurred_on,
        cast(-100 as decimal(28, 10)) as amount, ends_on - 181 as ends_on
    from intermediate.int_revenue_lines
    where line_no = 1 and hash(contract_key) % 10 = 0
)
select
    contract_key,
    cast(row_number() over (partition by contract_key order by occurred_on, turn) as integer) as event_no,
    event_type, occurred_on, line_key, cast(null as varchar) as to_line_key, modification_id,
    cast(null as varchar) as component_id, cast(null as decimal(28, 10)) as quantity, amount,
    cast(null as decimal(28, 10)) as unit_price, cast(null as decimal(28, 10)) as ssp,
    cast(null as date) as starts_on, ends_on, cast(null as date) as due_on,
    cast(null as decimal(28, 10)) as constrained_to
from happened;

create table intermediate.int_revenue_rate_bands (
    line_key varchar, band_no integer, from_quantity decimal(28, 10), to_quantity decimal(28, 10),
    unit_price decimal(28, 10)
);
create table intermediate.int_revenue_bundles (
    contract_key varchar, bundle_id varchar, line_key varchar, bundle_price decimal(28, 10)
);
create table intermediate.int_revenue_exchange_rates (
    rate_set varchar, from_currency varchar, to_currency varchar, rated_on date, rate decimal(28, 10)
);
create table intermediate.int_revenue_costs (
    contract_key varchar, cost_id varchar, incurred_on date, cost_type varchar, amount decimal(28, 10),
    amortize_from date, amortize_to date
);
create table intermediate.int_revenue_as_of (contract_key varchar, as_of date);
create table intermediate.int_revenue_bands (
    contract_key varchar, period_id varchar, starts_on date, ends_on date
);
