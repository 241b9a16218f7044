-- Grain: one row per contract line x accounting period that has ended and in which it has ARR,
-- service or revenue, contract currency, minor units: what it earns by its own price, what its
-- terms earn, and what the ledger took in. of_life: over all periods.
with

service_amounts as (

    select
        *,
        sum(own_minor) over line as own_through_minor,
        sum(service_days) over line as days_through
    from {{ ref('int_bookings_service_amounts') }}
    window line as (partition by contract_line_id order by period_no)

),

expected as (

    select
        contract_line_id,
        period_no,
        sum(earned_minor) as expected_minor
    from {{ ref('int_chain_schedule') }}
    where view_name = 'contract'
    group by contract_line_id, period_no

),

expected_lives as (

    select
        contract_line_id,
        sum(expected_minor) as expected_of_life_minor
    from expected
    group by contract_line_id

),

erp_revenue as (

    select * from {{ ref('int_chain_erp_revenue') }}

),

priced_lines as (

    select * from {{ ref('int_bookings_priced_lines') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}
    where has_ended

),

joined as (

    select
        service_amounts.* exclude (contract_line_id, period_no),
        expected.expected_minor,
        erp_revenue.* exclude (contract_line_id, period_no),
        coalesce(
            service_amounts.contract_line_id, expected.contract_line_id,
            erp_revenue.contract_line_id
        ) as contract_line_id,
        coalesce(service_amounts.period_no, expected.period_no, erp_revenue.period_no)
            as period_no
    from service_amounts
    full outer join expected
        on
        service_amounts.contract_line_id = expected.contract_line_id
        and service_amounts.period_no = expected.period_no
    full outer join erp_revenue
        on
        coalesce(service_amounts.contract_line_id, expected.contract_line_id)
        = erp_revenue.contract_line_id
        and coalesce(service_amounts.period_no, expected.period_no) = erp_revenue.period_no

),

final as (

    select
        joined.contract_line_id,
        joined.period_no,
        priced_lines.recognition_pattern,
        priced_lines.contract_line_id is not null as is_in_crm,
        coalesce(priced_lines.price_minor, 0) as price_minor,
        coalesce(priced_lines.term_days, 0) as term_days,
        coalesce(expected_lives.expected_of_life_minor, 0) as expected_of_life_minor,
        coalesce(joined.run_rate_minor, 0) as run_rate_minor,
        coalesce(joined.served_minor, 0) as served_minor,
        coalesce(joined.by_days_minor, 0) as by_days_minor,
        coalesce(joined.own_minor, 0) as own_minor,
        coalesce(joined.own_through_minor, 0) as own_through_minor,
        coalesce(joined.service_days, 0) as service_days,
        coalesce(joined.days_through, 0) as days_through,
        coalesce(joined.expected_minor, 0) as expected_minor,
        coalesce(joined.posted_minor, 0) as posted_minor,
        coalesce(joined.prior_period_minor, 0) as prior_period_minor,
        coalesce(joined.posted_fn_minor, 0) as posted_rpt_minor
    from joined
    inner join accounting_periods
        on joined.period_no = accounting_periods.period_no
    left join expected_lives
        on joined.contract_line_id = expected_lives.contract_line_id
    left join priced_lines
        on joined.contract_line_id = priced_lines.contract_line_id

)

select * from final
