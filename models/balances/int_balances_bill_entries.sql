-- Grain: one row per tracked ledger account x accounting period x part of what bills and their
-- payments should have posted: revenue and deferred revenue by line, the receivable by document.
with

ledger_lines as (

    select * from {{ ref('int_balances_ledger_lines') }}

),

billings as (

    select
        *,
        case when contract_id is null then 'other_bills' else 'contract_lines' end as part
    from {{ ref('int_balances_billings') }}

),

bill_extras as (

    select * from {{ ref('int_erp_bill_extras') }}

),

settlements as (

    select * from {{ ref('int_erp_settlements') }}

),

receivables as (

    -- The receivable a document was posted to.
    select
        transaction_id,
        min(account_id) as account_id
    from ledger_lines
    where account_role = 'receivable'
    group by transaction_id

),

combined as (

    select
        ledger_lines.account_id,
        billings.period_no,
        billings.part,
        billings.amount_fn_minor
    from billings
    inner join ledger_lines
        on
        billings.document_record_id = ledger_lines.transaction_id
        and billings.line_id = ledger_lines.line_id

    union all

    select
        receivables.account_id,
        billings.period_no,
        billings.part,
        billings.amount_fn_minor
    from billings
    inner join receivables
        on billings.document_record_id = receivables.transaction_id

    union all

    select
        receivables.account_id,
        bill_extras.period_no,
        'other_bills' as part,
        bill_extras.amount_fn_minor
    from bill_extras
    inner join receivables
        on bill_extras.document_record_id = receivables.transaction_id

    union all

    select
        receivables.account_id,
        settlements.period_no,
        'settlements' as part,
        -settlements.amount_fn_minor as amount_fn_minor
    from settlements
    inner join receivables
        on settlements.settlement_record_id = receivables.transaction_id

)

select
    account_id,
    period_no,
    part,
    cast(sum(amount_fn_minor) as bigint) as amount_fn_minor
from combined
group by account_id, period_no, part
