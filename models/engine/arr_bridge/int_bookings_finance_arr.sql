-- Grain: one row per contract line of the ERP x accounting period that has ended, with its ARR as
-- Finance reports it: active, committed and recurring by the ERP's records alone.
with

versions as (

    select * from {{ ref('int_bookings_bridge_terms') }}
    where witness = 'erp' and is_committed

),

lines as (

    select * from {{ ref('int_bookings_bridge_erp_lines') }}

),

rates as (

    select * from {{ ref('int_bookings_constant_rates') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}
    where has_ended

),

summed as (

    select
        lines.contract_line_id,
        lines.arr_customer_id,
        lines.currency_code,
        accounting_periods.period_no,
        sum(versions.finance_minor) as finance_minor,
        sum(versions.finance_rpt_minor) as order_rate_rpt_minor
    from lines
    inner join accounting_periods
        on accounting_periods.ends_on between lines.effective_on and lines.live_through
    inner join versions
        on
        lines.contract_line_id = versions.contract_line_id
        and accounting_periods.ends_on >= versions.effective_on
        and least(accounting_periods.ends_on, lines.ends_on)
        between versions.starts_on and versions.ends_on
    group by
        lines.contract_line_id,
        lines.arr_customer_id,
        lines.currency_code,
        accounting_periods.period_no
    -- Prorated reductions leave a remainder of rounding: a line without units has no ARR.
    having sum(versions.quantity_units) != 0

),

final as (

    select
        summed.*,
        {{ converted_minor_units(
            'summed.finance_minor', 'rates.rate_numerator', 'rates.rate_denominator'
        ) }} as finance_rpt_minor
    from summed
    inner join rates
        on summed.currency_code = rates.currency_code

)

select * from final
