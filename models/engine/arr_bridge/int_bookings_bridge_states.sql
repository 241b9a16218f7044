-- Grain: one row per contract line x accounting period with any ARR at any step, with that ARR in
-- minor units of the reporting currency after each step of the bridge (step_1 to step_14), what
-- Sales begins with and what Finance ends with. From step 10 on at one constant rate per currency.
with

amounts as (

    select * from {{ ref('int_bookings_bridge_amounts') }}

),

erp_only_lines as (

    select * from {{ ref('int_bookings_bridge_erp_only_lines') }}

),

finance as (

    select * from {{ ref('int_bookings_finance_arr') }}

),

reasons as (

    select * from {{ ref('dim_arr_bridge_reason') }}

),

rates as (

    select * from {{ ref('int_bookings_constant_rates') }}

),

crm_states as (

    select
        amounts.contract_line_id,
        amounts.period_no,
        amounts.crm_customer_id,
        amounts.erp_customer_id,
        amounts.sales_minor,
        amounts.started_minor as step_1_minor,
        amounts.by_step_minor as step_2_minor,
        amounts.recurring_minor as step_3_minor,
        amounts.committed_minor as step_4_minor,
        amounts.live_minor as step_5_minor,
        amounts.not_continued_minor as step_6_minor,
        amounts.uncancelled_minor as step_7_minor,
        amounts.once_minor as step_8_minor,
        amounts.once_minor as step_9_minor,
        {% for step_no, name in
            [(10, 'once_txn'), (11, 'in_both_txn'), (12, 'in_erp_txn'), (13, 'by_erp_dates_txn')] -%}
            {{ converted_minor_units(
                'amounts.' ~ name ~ '_minor', 'rates.rate_numerator', 'rates.rate_denominator'
            ) }} as step_{{ step_no }}_minor,
        {% endfor -%}
        {{ converted_minor_units(
            'amounts.by_erp_txn_minor', 'erp_rates.rate_numerator', 'erp_rates.rate_denominator'
        ) }} as step_14_minor,
        coalesce(finance.finance_rpt_minor, 0) as finance_minor
    from amounts
    inner join rates
        on amounts.currency_code = rates.currency_code
    inner join rates as erp_rates
        on amounts.erp_currency_code = erp_rates.currency_code
    left join finance
        on
        amounts.contract_line_id = finance.contract_line_id
        and amounts.period_no = finance.period_no

),

erp_only_states as (

    -- A line of the ERP alone enters at the step of its reason and stays.
    select
        finance.contract_line_id,
        finance.period_no,
        finance.arr_customer_id as crm_customer_id,
        finance.arr_customer_id as erp_customer_id,
        cast(0 as bigint) as sales_minor,
        {% for step_no in range(1, 15) -%}
            cast(
                case
                    when reasons.bridge_step_no <= {{ step_no }}
                        then finance.{{ 'order_rate' if step_no < 10 else 'finance' }}_rpt_minor
                    else 0
                end as bigint
            ) as step_{{ step_no }}_minor,
        {% endfor -%}
        finance.finance_rpt_minor as finance_minor
    from finance
    inner join erp_only_lines
        on finance.contract_line_id = erp_only_lines.contract_line_id
    inner join reasons
        on erp_only_lines.bridge_reason = reasons.bridge_reason

),

final as (

    select * from crm_states

    union all

    select * from erp_only_states

)

select * from final
