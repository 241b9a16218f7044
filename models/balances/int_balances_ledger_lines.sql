-- Grain: one row per posted ledger line on a tracked account, with the contract it names, if any.
with

ledger_entries as (

    select * from {{ ref('int_erp_ledger_entries') }}

),

orders as (

    select * from {{ ref('int_balances_orders') }}

),

final as (

    select
        ledger_entries.transaction_id,
        ledger_entries.line_id,
        ledger_entries.account_id,
        ledger_entries.account_role,
        ledger_entries.entry_kind,
        ledger_entries.period_no,
        orders.contract_id,
        ledger_entries.amount_fn_minor
    from ledger_entries
    left join orders
        on ledger_entries.order_record_id = orders.order_record_id

)

select * from final
