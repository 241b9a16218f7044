-- Fails where sharing the price of a contract over its lines adds to it or takes from it, by the
-- price book or in the ERP. In contract currency: in the reporting currency each line is rounded
-- on its own.
select
    contract_id,
    period_name,
    reason_code,
    sum(amount_txn) as amount_txn
from {{ ref('fct_reconciliation_reasons') }}
where reason_code in ('allocation_ssp', 'allocation_mismatch')
group by contract_id, period_name, reason_code
having sum(amount_txn) != 0
