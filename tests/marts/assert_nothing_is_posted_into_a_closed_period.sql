-- Fails where a journal on a revenue account was made on a later day than its period was closed on.
-- A period that was opened again has no close, or the day of its last one, so what was posted while
-- it was open passes. What the ERP does not say the day of cannot be tested.
with

journals as (

    select journal_id as transaction_id
    from {{ ref('stg_netsuite__planned_revenue') }}
    where journal_id is not null and not is_deleted

    union

    select journal_id as transaction_id
    from {{ ref('int_erp_manual_journals') }}

)

select
    erp_transactions.transaction_id,
    erp_transactions.transaction_number,
    periods.period_name,
    periods.closed_on,
    erp_transactions.created_at
from {{ ref('stg_netsuite__transactions') }} as erp_transactions
inner join journals
    on erp_transactions.transaction_id = journals.transaction_id
inner join {{ ref('stg_netsuite__accounting_periods') }} as periods
    on erp_transactions.accounting_period_id = periods.accounting_period_id
where
    periods.is_closed
    and not erp_transactions.is_deleted
    and cast(erp_transactions.created_at as date) > periods.closed_on
