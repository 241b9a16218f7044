-- Fails where the bridge does not begin with what the CRM has closed as recurring, counted here
-- from the contract lines alone: a contract stands until its renewal is signed, a ramp at its last
-- step.
with

closed as (

    select
        contract_lines.contract_id,
        contract_lines.contract_line_version_id,
        contract_lines.contract_line_id,
        contract_lines.ramp_group is not null
        and products.is_recurring
        and max(contract_lines.starts_on) over (
            partition by
                contract_lines.contract_id, contract_lines.product_id, contract_lines.ramp_group
        ) > min(contract_lines.starts_on) over (partition by contract_lines.contract_line_id)
        and contract_lines.ends_on < max(contract_lines.ends_on) over (
            partition by
                contract_lines.contract_id, contract_lines.product_id, contract_lines.ramp_group
        ) as is_earlier_step,
        families.arr_customer_id,
        contract_lines.known_on
    from {{ ref('fct_contract_lines') }} as contract_lines
    inner join {{ ref('dim_product') }} as products
        on contract_lines.product_id = products.product_id
    inner join {{ ref('int_bookings_customer_families') }} as families
        on contract_lines.customer_id = families.customer_id
    where contract_lines.witness = 'crm' and products.is_tagged_recurring

),

renewed as (

    select
        contracts.renewed_contract_id,
        min(closed.known_on) as signed_on
    from closed
    inner join {{ ref('dim_contract') }} as contracts
        on closed.contract_id = contracts.contract_id
    where contracts.renewed_contract_id is not null
    group by contracts.renewed_contract_id

),

counted as (

    select
        closed.arr_customer_id,
        accounting_periods.period_no,
        sum(terms.sales_rpt_minor) as sales_minor
    from closed
    inner join {{ ref('int_bookings_bridge_terms') }} as terms
        on
        closed.contract_line_version_id = terms.contract_line_version_id
        and terms.witness = 'crm'
    inner join {{ ref('dim_accounting_period') }} as accounting_periods
        on closed.known_on <= accounting_periods.ends_on and accounting_periods.has_ended
    left join renewed
        on closed.contract_id = renewed.renewed_contract_id
    where
        not coalesce(closed.is_earlier_step, false)
        and coalesce(renewed.signed_on > accounting_periods.ends_on, true)
    group by closed.arr_customer_id, accounting_periods.period_no

),

bridged as (

    select
        bridge.arr_customer_id,
        bridge.period_no,
        {{ minor_units('sum(bridge.amount_rpt)', 'max(currencies.minor_units_per_major)') }}
            as sales_minor
    from {{ ref('fct_arr_bridge') }} as bridge
    inner join {{ ref('dim_currency') }} as currencies
        on bridge.reporting_currency_code = currencies.currency_code
    where bridge.bridge_reason = 'sales_arr'
    group by bridge.arr_customer_id, bridge.period_no

)

select
    counted.sales_minor,
    bridged.sales_minor as bridged_minor
from counted
full outer join bridged
    on
    counted.arr_customer_id = bridged.arr_customer_id
    and counted.period_no = bridged.period_no
where coalesce(counted.sales_minor, 0) != coalesce(bridged.sales_minor, 0)
