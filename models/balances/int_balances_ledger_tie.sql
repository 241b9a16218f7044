-- Grain: one row per tracked ledger account x accounting period x what explains its movement:
-- `ledger` is the movement itself, every other one a part of it, from the records that made it.
-- Where nothing but the ledger knows of an entry (manual, reclassification) its own lines count.
with

ledger_lines as (

    select * from {{ ref('int_balances_ledger_lines') }}

),

bill_entries as (

    select * from {{ ref('int_balances_bill_entries') }}

),

plan_rows as (

    select * from {{ ref('int_balances_plan_rows') }}
    where posting_period_no is not null

),

settlements as (

    select * from {{ ref('int_erp_settlements') }}

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
        account_id,
        period_no,
        part,
        amount_fn_minor
    from bill_entries

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
