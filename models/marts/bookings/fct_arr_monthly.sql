-- Grain: one row per contract line x accounting period, from signature to the end of its ARR; all
-- steps of a ramp are one line, that of the first step. Balances: never add them over periods.
with

balances as (

    select * from {{ ref('int_bookings_arr_balances') }}

),

records as (

    select * from {{ ref('int_bookings_arr_records') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

final as (

    select
        {{ surrogate_key(['balances.arr_line_id', 'balances.period_key']) }} as arr_monthly_id,
        balances.arr_line_id as contract_line_id,
        records.contract_id,
        records.customer_id,
        records.arr_customer_id,
        records.product_id,
        balances.period_key,
        balances.period_no,
        accounting_periods.period_name,
        accounting_periods.is_reporting_period,
        balances.is_ramp,
        records.currency_code,
        records.reporting_currency_code,
        records.fx_rate,
        'constant' as fx_rate_type,
        records.fx_rate_on,
        '{{ var("arr_ramp_policy") }}' as ramp_policy,
        '{{ var("arr_usage_policy") }}' as usage_policy,
        {{ arr_money('balances.begin_minor', 'arr_begin') }},
        {{ arr_money('balances.end_minor', 'arr_end') }},
        {{ arr_money('balances.arr_entry_minor', 'arr_entry') }},
        {{ arr_money('balances.arr_step_minor', 'arr_step') }},
        {{ arr_money('balances.arr_average_minor', 'arr_average') }},
        {{ arr_money('balances.arr_exit_minor', 'arr_exit') }},
        {{ arr_money('balances.arr_carr_minor', 'carr') }},
        {{ arr_money('(balances.arr_carr_minor - balances.arr_step_minor)', 'not_live') }},
        balances.next_change_on,
        {{ arr_money('balances.usage_commit_minor', 'usage_commit') }},
        {{ arr_money('balances.usage_last_month_minor', 'usage_last_month') }},
        {{ arr_money('balances.usage_trailing_quarter_minor', 'usage_trailing_quarter') }},
        {{ arr_money('balances.usage_hybrid_minor', 'usage_hybrid') }},
        cast(
            case when balances.is_recurring then balances.units_step else 0 end
            * cast(0.0001 as decimal(5, 4)) as decimal(18, 4)
        ) as quantity,
        records.crm_record_id,
        records.crm_url,
        records.erp_record_id,
        records.erp_url,
        records.load_id
    from balances
    inner join records
        on balances.arr_line_id = records.arr_line_id
    inner join accounting_periods
        on balances.period_key = accounting_periods.period_key

)

select * from final
