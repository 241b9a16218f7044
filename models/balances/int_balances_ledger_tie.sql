-- Grain: one row per tracked ledger account x accounting period x what explains its movement:
-- `ledger` is the movement itself, every other one a part of it, from the records that made it.
-- Where nothing but the ledger knows of an entry (manual, reclassification) its own lines count.
with

ledger_lines as (

    select * from {{ ref('int_balances_ledger_lines') }}

),

billings as (

    select * from {{ ref('int_balances_billings') }}

),

bill_extras as (

    select * from {{ ref('int_erp_bill_extras') }}

),

plan_rows as (

    select * from {{ ref('int_balances_plan_rows') }}
    where posting_period_no is not null

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
        account_id,
        period_no,
        'ledger' as part,
        amount_fn_minor
    from ledger_lines

    union all

    select
        recognition_account_id as account_id,
        posting_period_no as period_no,
        case posting_mode when 'summary' then 'summary_journals' else 'contract_lines' end as part,
        amount_fn_minor
    from plan_rows

    union all

    select
        deferral_account_id as account_id,
        posting_period_no as period_no,
        case posting_mode when 'summary' then 'summary_journals' else 'contract_lines' end as part,
        -amount_fn_minor as amount_fn_minor
    from plan_rows

    union all

    select
        ledger_lines.account_id,
        billings.period_no,
        case when billings.contract_id is null then 'other_bills' else 'contract_lines' end as part,
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
        case when billings.contract_id is null then 'other_bills' else 'contract_lines' end as part,
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

    union all

    select
        account_id,
        period_no,
        case entry_kind
            when 'manual_journal' then 'manual_journals'
            when 'reclassification' then 'reclassifications'
            else 'other_entries'
        end as part,
        amount_fn_minor
    from ledger_lines
    where
        entry_kind in ('manual_journal', 'reclassification', 'other')
        -- A payment that pays no bill yet.
        or (
            entry_kind = 'settlement'
            and transaction_id not in (select settlements.settlement_record_id from settlements)
        )

)

select
    account_id,
    period_no,
    part,
    cast(sum(amount_fn_minor) as bigint) as amount_fn_minor
from combined
where period_no is not null
group by account_id, period_no, part
