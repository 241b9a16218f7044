-- Fails where a contract's balances do not begin where they ended, where what moved does not lead
-- to the end, or where the end is not what the ledger's lines hold for the contract.
with

balances as (

    select
        *,
        coalesce(lag(ending_txn) over by_period, 0) as last_ending_txn,
        coalesce(lag(ending_rpt) over by_period, 0) as last_ending_rpt,
        coalesce(lag(period_no) over by_period, period_no - 1) as last_period_no
    from {{ ref('fct_contract_balances') }}
    window by_period as (partition by contract_id order by period_no)

)

select
    contract_id,
    period_no,
    last_ending_txn,
    beginning_txn,
    ending_txn,
    last_ending_rpt,
    beginning_rpt,
    ending_rpt,
    ledger_balance_rpt
from balances
where
    (
        period_no = last_period_no + 1
        and beginning_txn = last_ending_txn
        and beginning_rpt = last_ending_rpt
        and beginning_txn + billed_txn - recognized_txn + adjustment_txn = ending_txn
        and beginning_rpt + billed_rpt - recognized_rpt + adjustment_rpt + fx_rpt = ending_rpt
        and ending_rpt = ledger_balance_rpt
        and ledger_deferred_revenue_rpt - ledger_contract_asset_rpt = ledger_balance_rpt
    ) is not true
