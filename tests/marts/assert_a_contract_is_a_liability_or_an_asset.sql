-- Fails where a contract shows deferred revenue and a contract asset at once, or a balance below
-- zero, or one that is not its net position.
select
    contract_id,
    period_no,
    ending_txn,
    deferred_revenue_txn,
    contract_asset_txn,
    ending_rpt,
    deferred_revenue_rpt,
    contract_asset_rpt
from {{ ref('fct_contract_balances') }}
where
    (
        least(deferred_revenue_txn, contract_asset_txn) = 0
        and least(deferred_revenue_rpt, contract_asset_rpt) = 0
        and least(receivable_txn, refund_liability_txn) = 0
        and least(receivable_rpt, refund_liability_rpt) = 0
        and deferred_revenue_txn - contract_asset_txn = ending_txn
        and deferred_revenue_rpt - contract_asset_rpt = ending_rpt
    ) is not true
