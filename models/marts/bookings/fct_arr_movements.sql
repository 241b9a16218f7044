-- Grain: one row per contract line x accounting period x movement. The movement is what the whole
-- ARR of the customer did in the period, the amount what the line adds to it; begin + movements =
-- end on every line of fct_arr_monthly.
with

movements as (

    select * from {{ ref('int_bookings_arr_movements') }}

),

records as (

    select * from {{ ref('int_bookings_arr_records') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

final as (

    select
        {{ surrogate_key([
            'movements.arr_line_id', 'accounting_periods.period_key', 'movements.movement'
        ]) }} as arr_movement_id,
        {{ surrogate_key(['movements.arr_line_id', 'accounting_periods.period_key']) }}
            as arr_monthly_id,
        movements.arr_line_id as contract_line_id,
        records.contract_id,
        records.customer_id,
        records.arr_customer_id,
        records.product_id,
        accounting_periods.period_key,
        movements.period_no,
        accounting_periods.period_name,
        accounting_periods.is_reporting_period,
        movements.movement,
        movements.cause,
        movements.takeover_contract_id,
        records.currency_code,
        records.reporting_currency_code,
        records.fx_rate,
        'constant' as fx_rate_type,
        records.fx_rate_on,
        {{ arr_money_moved('movements.before_minor', 'movements.amount_minor', 'arr_movement') }},
        {{ arr_money_moved('movements.before_minor', 'movements.seat_minor', 'seat') }},
        {{ arr_money_moved(
            'movements.before_minor + movements.seat_minor', 'movements.price_minor', 'price'
        ) }},
        {{ arr_money_moved('movements.before_minor', 'movements.mix_minor', 'mix') }},
        records.crm_record_id,
        records.crm_url,
        records.erp_record_id,
        records.erp_url,
        records.load_id
    from movements
    inner join records
        on movements.arr_line_id = records.arr_line_id
    inner join accounting_periods
        on movements.period_no = accounting_periods.period_no

)

select * from final
