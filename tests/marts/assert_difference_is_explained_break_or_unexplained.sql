-- Fails where difference is not booked - recognized, or not the sum of its three parts.
select
    reconciliation_id,
    difference_txn,
    difference_rpt
from {{ ref('fct_reconciliation') }}
where
    (difference_txn = booked_txn - recognized_txn) is not true
    or (difference_rpt = booked_rpt - recognized_rpt) is not true
    or (difference_txn = explained_txn + break_txn + unexplained_txn) is not true
    or (difference_rpt = explained_rpt + break_rpt + unexplained_rpt) is not true
