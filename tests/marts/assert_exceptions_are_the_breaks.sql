-- Fails where the exceptions of a contract line are not what the reporting period leaves as break
-- or unexplained: an exception got lost, or is counted twice.
with

reconciliation as (

    select
        contract_line_id,
        break_txn + unexplained_txn as amount_txn,
        break_rpt + unexplained_rpt as amount_rpt
    from {{ ref('fct_reconciliation') }}
    where is_reporting_period

),

exceptions as (

    select
        contract_line_id,
        sum(amount_txn) as amount_txn,
        sum(amount_rpt) as amount_rpt
    from {{ ref('fct_exceptions') }}
    where status != 'cleared'
    group by contract_line_id

)

select
    coalesce(reconciliation.contract_line_id, exceptions.contract_line_id) as contract_line_id,
    reconciliation.amount_rpt,
    exceptions.amount_rpt as exceptions_rpt
from reconciliation
full outer join exceptions
    on reconciliation.contract_line_id = exceptions.contract_line_id
where
    (coalesce(exceptions.amount_txn, 0) = reconciliation.amount_txn) is not true
    or (coalesce(exceptions.amount_rpt, 0) = reconciliation.amount_rpt) is not true
