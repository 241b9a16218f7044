-- Grain: one row per contract line that only the ERP has x line that ran out in the CRM and that it
-- goes on with: of one customer, product and currency, from the day after to the end of grace.
with

alone as (

    select * from {{ ref('int_bookings_bridge_erp_alone') }}

),

crm_lines as (

    select * from {{ ref('int_bookings_bridge_crm_lines') }}

),

final as (

    select
        alone.contract_line_id,
        crm_lines.contract_line_id as continued_line_id,
        alone.effective_on
    from alone
    inner join crm_lines
        on
        alone.arr_customer_id = crm_lines.arr_customer_id
        and alone.product_id = crm_lines.product_id
        and alone.currency_code = crm_lines.currency_code
        and crm_lines.ending = 'expired'
        and alone.effective_on > crm_lines.ends_on
        and {{ days_between('crm_lines.grace_ends_on', 'alone.effective_on') }} <= 1

)

select * from final
