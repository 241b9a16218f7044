-- Grain: one row per accounting period x customer x step of the bridge that has an amount. The rows
-- of steps 0 to 16 of a customer and period sum to its step 17: Sales ARR + reasons = Finance ARR.
with

bridge_reasons as (

    select * from {{ ref('int_bookings_bridge_reasons') }}

),

overrides as (

    select * from {{ ref('dim_arr_override') }}

),

families as (

    select * from {{ ref('int_bookings_customer_families') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

reasons as (

    select * from {{ ref('dim_arr_bridge_reason') }}

),

reporting_currency as (

    select * from {{ ref('dim_currency') }}
    where is_reporting_currency

),

-- An override counts twice: as a step, and in the Finance ARR that is reported.
overridden as (

    select
        families.arr_customer_id,
        accounting_periods.period_no,
        reasons.bridge_step_no,
        overrides.amount_minor
    from overrides
    inner join families
        on overrides.customer_id = families.customer_id
    inner join accounting_periods
        on accounting_periods.ends_on between overrides.applies_from and overrides.applies_to
    inner join reasons
        on reasons.bridge_reason in ('override', 'finance_arr')
    where accounting_periods.has_ended

),

combined as (

    select
        arr_customer_id,
        period_no,
        bridge_step_no,
        contract_line_id,
        amount_minor
    from bridge_reasons

    union all

    select
        arr_customer_id,
        period_no,
        bridge_step_no,
        null as contract_line_id,
        amount_minor
    from overridden

),

summed as (

    select
        arr_customer_id,
        period_no,
        bridge_step_no,
        cast(count(distinct contract_line_id) as integer) as contract_lines,
        cast(sum(amount_minor) as bigint) as amount_minor
    from combined
    group by arr_customer_id, period_no, bridge_step_no

),

final as (

    select
        {{ surrogate_key([
            'summed.arr_customer_id', 'accounting_periods.period_key', 'reasons.bridge_reason'
        ]) }} as arr_bridge_id,
        summed.arr_customer_id,
        accounting_periods.period_key,
        summed.period_no,
        accounting_periods.period_name,
        accounting_periods.is_reporting_period,
        summed.bridge_step_no,
        reasons.bridge_reason,
        reasons.reason_class,
        reasons.is_endpoint,
        reasons.owner,
        reporting_currency.currency_code as reporting_currency_code,
        {{ money('summed.amount_minor', 'reporting_currency.minor_unit_value') }} as amount_rpt,
        summed.contract_lines
    from summed
    inner join accounting_periods
        on summed.period_no = accounting_periods.period_no
    inner join reasons
        on summed.bridge_step_no = reasons.bridge_step_no
    cross join reporting_currency
    where summed.amount_minor != 0

)

select * from final
