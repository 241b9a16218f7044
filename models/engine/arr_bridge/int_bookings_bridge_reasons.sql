-- Grain: one row per contract line x accounting period x customer x step of the bridge that has an
-- amount, minor units of the reporting currency. A step's amount is the difference of two amounts
-- that were computed apart, so only the last step can be unexplained. Up to the account hierarchy a
-- line is with the CRM's customer, after it with the ERP's. Step 0 is Sales ARR, step 17 Finance's.
with

states as (

    select * from {{ ref('int_bookings_bridge_states') }}

),

stepped as (

    select
        contract_line_id,
        period_no,
        0 as bridge_step_no,
        crm_customer_id as arr_customer_id,
        sales_minor as amount_minor
    from states

    {% for step_no in range(1, 15) if step_no != 9 %}
        union all

        select
            contract_line_id,
            period_no,
            {{ step_no }} as bridge_step_no,
            {{ 'crm' if step_no < 9 else 'erp' }}_customer_id as arr_customer_id,
            step_{{ step_no }}_minor
            - {{ 'sales' if step_no == 1 else 'step_' ~ (step_no - 1) }}_minor as amount_minor
        from states
    {% endfor %}

    union all

    select
        contract_line_id,
        period_no,
        9 as bridge_step_no,
        crm_customer_id as arr_customer_id,
        -step_8_minor as amount_minor
    from states
    where crm_customer_id != erp_customer_id

    union all

    select
        contract_line_id,
        period_no,
        9 as bridge_step_no,
        erp_customer_id as arr_customer_id,
        step_9_minor as amount_minor
    from states
    where crm_customer_id != erp_customer_id

    union all

    select
        contract_line_id,
        period_no,
        16 as bridge_step_no,
        erp_customer_id as arr_customer_id,
        finance_minor - step_14_minor as amount_minor
    from states

    union all

    select
        contract_line_id,
        period_no,
        17 as bridge_step_no,
        erp_customer_id as arr_customer_id,
        finance_minor as amount_minor
    from states

)

select * from stepped
where amount_minor != 0
