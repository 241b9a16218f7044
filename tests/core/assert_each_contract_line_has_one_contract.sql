-- Fails on a contract line whose versions stand under several contracts: its bookings and its
-- reconciliation would be shown in different places.
select
    contract_line_id,
    count(distinct contract_id) as contracts,
    min(record_id) as record_id
from {{ ref('fct_contract_lines') }}
group by contract_line_id
having count(distinct contract_id) > 1
