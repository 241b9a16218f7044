-- Grain: one row per ERP contract line (sales order line): when its revenue element was made and
-- when its first journal was posted. Charges for use have elements of their own and count for the
-- posting only.
with

contract_lines as (

    select * from {{ ref('int_erp_contract_lines') }}

),

arranged as (

    select
        element_lines.record_id,
        min(revenue_elements.element_date) as arranged_on
    from {{ ref('int_erp_element_lines') }} as element_lines
    inner join {{ ref('int_erp_revenue_elements') }} as revenue_elements
        on element_lines.revenue_element_id = revenue_elements.revenue_element_id
    where not element_lines.is_charge
    group by element_lines.record_id

),

posted as (

    select
        planned_revenue.record_id,
        min(journals.transaction_date) as first_posted_on
    from {{ ref('int_erp_planned_revenue') }} as planned_revenue
    inner join {{ ref('stg_netsuite__transactions') }} as journals
        on planned_revenue.journal_id = journals.transaction_id
    where planned_revenue.posting_period_no is not null and not journals.is_deleted
    group by planned_revenue.record_id

),

final as (

    select
        contract_lines.record_id,
        contract_lines.known_on as ordered_on,
        arranged.arranged_on,
        posted.first_posted_on
    from contract_lines
    left join arranged
        on contract_lines.record_id = arranged.record_id
    left join posted
        on contract_lines.record_id = posted.record_id

)

select * from final
