-- Fails where the reasons of a line and period do not sum to booked - recognized, in either
-- currency. A line without reasons must have no difference: a missing side is a break.
with

reconciliation as (

    select * from {{ ref('fct_reconciliation') }}

),

reasons as (

    select
        reconciliation_id,
        sum(amount_txn) as amount_txn,
        sum(amount_rpt) as amount_rpt
    from {{ ref('fct_reconciliation_reasons') }}
    group by reconciliation_id

)

select
    reconciliation.reconciliation_id,
    reasons.reconciliation_id as reason_reconciliation_id,
    reconciliation.difference_txn,
    reasons.amount_txn,
    reconciliation.difference_rpt,
    reasons.amount_rpt
from reconciliation
full outer join reasons
    on reconciliation.reconciliation_id = reasons.reconciliation_id
where
    (reconciliation.difference_txn = coalesce(reasons.amount_txn, 0)) is not true
    or (reconciliation.difference_rpt = coalesce(reasons.amount_rpt, 0)) is not true
