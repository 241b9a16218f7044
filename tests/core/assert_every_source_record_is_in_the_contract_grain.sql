-- Identity manifest: every activated CRM order product and every ERP sales order line in scope is
-- in the contract grain exactly once, even when totals would agree without it.
with

crm_records as (

    select order_items.order_item_id as record_id
    from {{ ref('stg_salesforce__order_items') }} as order_items
    inner join {{ ref('stg_salesforce__orders') }} as orders
        on order_items.order_id = orders.order_id
    where
        not order_items.is_deleted
        and not orders.is_deleted
        and orders.status_code = 'Activated'

),

erp_records as (

    select record_id from {{ ref('int_erp_contract_lines') }}

),

expected as (

    select
        'crm' as witness,
        record_id
    from crm_records

    union all

    select
        'erp' as witness,
        record_id
    from erp_records

),

found as (

    select
        witness,
        record_id,
        count(*) as occurrences
    from {{ ref('fct_contract_lines') }}
    group by witness, record_id

)

select
    coalesce(expected.witness, found.witness) as witness,
    coalesce(expected.record_id, found.record_id) as record_id,
    found.occurrences
from expected
full outer join found
    on expected.witness = found.witness and expected.record_id = found.record_id
where expected.record_id is null or (found.occurrences = 1) is not true
