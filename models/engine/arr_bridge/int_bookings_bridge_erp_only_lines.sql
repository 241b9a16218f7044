-- Grain: one row per contract line that only the ERP has, with the step of the bridge it enters at.
with

alone as (

    select * from {{ ref('int_bookings_bridge_erp_alone') }}

),

continued_crm_lines as (

    -- It may go on with several.
    select distinct contract_line_id
    from {{ ref('int_bookings_bridge_continuations') }}

),

continued_erp_lines as (

    select distinct alone.contract_line_id
    from alone
    inner join alone as earlier
        on
        alone.arr_customer_id = earlier.arr_customer_id
        and alone.product_id = earlier.product_id
        and alone.currency_code = earlier.currency_code
        and alone.effective_on > earlier.ends_on
        and {{ days_between('earlier.grace_ends_on', 'alone.effective_on') }} <= 1

),

final as (

    select
        alone.contract_line_id,
        alone.arr_customer_id,
        alone.currency_code,
        alone.effective_on,
        case
            when alone.is_duplicate then 'duplicate'
            when alone.amount_minor < 0 then 'cancellation_known_to_one_side'
            when
                coalesce(
                    continued_crm_lines.contract_line_id, continued_erp_lines.contract_line_id
                ) is not null
                then 'evergreen_not_in_crm'
            else 'missing_in_crm'
        end as bridge_reason
    from alone
    left join continued_crm_lines
        on alone.contract_line_id = continued_crm_lines.contract_line_id
    left join continued_erp_lines
        on alone.contract_line_id = continued_erp_lines.contract_line_id

)

select * from final
