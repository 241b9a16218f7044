-- Grain: one row per currency of a contract: what the ERP had planned and posted up to the end of a
-- period, as it was known at a moment.
select
    history.currency_code,
    coalesce(
        sum(history.amount_txn) filter (planned.period_no <= $period_no), 0
    ) as planned_txn,
    coalesce(
        sum(history.amount_txn) filter (posted.period_no <= $period_no), 0
    ) as posted_txn,
    count(*) filter (
        planned.period_no <= $period_no and (posted.period_no <= $period_no) is not true
    ) as rows_due
from fct_planned_revenue_history as history
left join dim_accounting_period as planned on history.planned_period_key = planned.period_key
left join dim_accounting_period as posted on history.posting_period_key = posted.period_key
where
    history.contract_id = $contract_id
    and history.known_from <= $known_at
    and (history.known_to > $known_at or history.known_to is null)
group by history.currency_code
order by history.currency_code
