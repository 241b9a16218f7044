-- Grain: one row per measure of a contract at a period's end, as a run had published it: booked, each
-- reason, recognized. Given are the views `reconciliation` and `reasons` of that run.
with

amounts as (

    select 0 as measure_no, 'booked' as measure, currency_code, booked_txn as amount_txn,
        booked_rpt as amount_rpt
    from reconciliation
    where contract_id = $contract_id and period_key = $period_key

    union all

    select chain_step_no, reason_code, currency_code, amount_txn, amount_rpt
    from reasons
    where contract_id = $contract_id and period_key = $period_key

    union all

    select 100, 'recognized', currency_code, recognized_txn, recognized_rpt
    from reconciliation
    where contract_id = $contract_id and period_key = $period_key

)

select
    measure_no,
    measure,
    currency_code,
    sum(amount_txn) as amount_txn,
    sum(amount_rpt) as amount_rpt
from amounts
group by measure_no, measure, currency_code
having sum(amount_txn) != 0 or sum(amount_rpt) != 0
order by measure_no, measure
