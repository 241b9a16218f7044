-- Grain: one row per contract line version that was booked in the CRM and is revenue.
-- How many days each step of its hand-off took: close-won to order, order to arrangement,
-- arrangement to first posting. Days are not additive; negative where a step came before the one it
-- follows; empty while one of the two has not happened.
with

handoffs as (

    select * from {{ ref('int_chain_handoffs') }}

),

contract_line_versions as (

    select * from {{ ref('dim_contract_line') }}

),

source_urls as (

    select * from {{ ref('dim_source') }}

),

final as (

    select
        handoffs.contract_line_version_id,
        contract_line_versions.contract_line_id,
        contract_line_versions.contract_id,
        contract_line_versions.customer_id,
        contract_line_versions.product_id,
        contract_line_versions.change_kind,
        case
            when handoffs.ordered_on is null then 'closed_won'
            when handoffs.arranged_on is null then 'ordered'
            when handoffs.first_posted_on is null then 'arranged'
            else 'posted'
        end as last_step,
        handoffs.closed_won_on,
        handoffs.ordered_on,
        handoffs.arranged_on,
        handoffs.service_starts_on,
        handoffs.first_posted_on,
        cast({{ days_between('handoffs.closed_won_on', 'handoffs.ordered_on') }} as integer)
            as days_to_order,
        cast({{ days_between('handoffs.ordered_on', 'handoffs.arranged_on') }} as integer)
            as days_to_arrangement,
        cast({{ days_between('handoffs.arranged_on', 'handoffs.first_posted_on') }} as integer)
            as days_to_first_posting,
        cast({{ days_between('handoffs.closed_won_on', 'handoffs.first_posted_on') }} as integer)
            as days_from_close_to_posting,
        contract_line_versions.crm_record_id,
        contract_line_versions.erp_record_id,
        crm_source.record_url_prefix || contract_line_versions.crm_record_id as crm_url,
        erp_source.record_url_prefix || contract_line_versions.erp_header_record_id as erp_url
    from handoffs
    inner join contract_line_versions
        on handoffs.contract_line_version_id = contract_line_versions.contract_line_version_id
    left join source_urls as crm_source
        on crm_source.source_name = 'salesforce'
    left join source_urls as erp_source
        on erp_source.source_name = 'netsuite'

)

select * from final
