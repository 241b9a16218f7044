-- Grain: one row per ERP order with the contract it is of.
select
    header_record_id as order_record_id,
    min(contract_id) as contract_id
from {{ ref('fct_contract_lines') }}
where witness = 'erp'
group by header_record_id
