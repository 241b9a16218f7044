-- The three-way tie. Fails where, at a period's end, the balances of all contracts are not what the
-- ledger accounts hold but for entries that name no contract: journals written by hand, bills
-- without an order. Deferred revenue less contract assets, and receivables, each in total.
with

ledger as (

    select
        period_no,
        case account_role when 'receivable' then 'receivable' else 'net_position' end as balance,
        sum(
            ledger_balance_rpt * case account_role when 'contract_asset' then -1 else 1 end
        ) as ledger_rpt
    from {{ ref('fct_ledger_tie') }}
    where account_role != 'revenue'
    group by all

),

without_contract as (

    select
        ledger_tie.period_no,
        case ledger_tie.account_role when 'receivable' then 'receivable' else 'net_position' end
            as balance,
        sum(
            (ledger_lines.amount_fn_minor * reporting_currency.minor_unit_value)
            * case ledger_tie.account_role when 'contract_asset' then -1 else 1 end
        ) as amount_rpt
    from {{ ref('fct_ledger_tie') }} as ledger_tie
    inner join {{ ref('int_balances_ledger_lines') }} as ledger_lines
        on
        ledger_tie.account_id = ledger_lines.account_id
        and ledger_tie.period_no >= ledger_lines.period_no
    inner join {{ ref('dim_currency') }} as reporting_currency
        on reporting_currency.is_reporting_currency
    where
        ledger_tie.account_role != 'revenue'
        and ledger_lines.contract_id is null
        and ledger_lines.entry_kind not in ('summary_journal', 'settlement')
    group by all

),

balances as (

    select
        period_no,
        'net_position' as balance,
        sum(deferred_revenue_rpt - contract_asset_rpt) as balance_rpt
    from {{ ref('fct_contract_balances') }}
    group by period_no

    union all

    select
        period_no,
        'receivable' as balance,
        sum(receivable_rpt - refund_liability_rpt) as balance_rpt
    from {{ ref('fct_contract_balances') }}
    group by period_no

)

select
    ledger.period_no,
    ledger.balance,
    ledger.ledger_rpt,
    without_contract.amount_rpt as without_contract_rpt,
    balances.balance_rpt
from ledger
left join without_contract
    on
    ledger.period_no = without_contract.period_no
    and ledger.balance = without_contract.balance
full outer join balances
    on
    ledger.period_no = balances.period_no
    and ledger.balance = balances.balance
where
    (ledger.ledger_rpt - coalesce(without_contract.amount_rpt, 0) = balances.balance_rpt)
    is not true
