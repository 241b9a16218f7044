-- Grain: one row per contract x accounting period x thing that moves its balances, in both
-- currencies: what bills, plans and payments say, and apart from it what the ledger's lines say.
-- What is billed of no revenue (collected) moves the receivable alone. A manual journal is in the
-- ledger's currency: it moves the contract's only where they are one.
with

billings as (

    select * from {{ ref('int_balances_billings') }}
    where contract_id is not null

),

plan_rows as (

    select * from {{ ref('int_balances_plan_rows') }}
    where posting_period_no is not null

),

settlements as (

    select * from {{ ref('int_erp_settlements') }}

),

orders as (

    select * from {{ ref('int_balances_orders') }}

),

contract_currencies as (

    select * from {{ ref('int_balances_currencies') }}

),

-- What a line adds to the net position: deferred revenue less contract asset.
net_lines as (

    select
        ledger_lines.contract_id,
        ledger_lines.period_no,
        ledger_lines.account_role,
        ledger_lines.entry_kind,
        ledger_lines.amount_fn_minor,
        case
            when contract_currencies.erp_currency_code = '{{ var("reporting_currency") }}' then 1
            else 0
        end as in_contract_currency,
        case ledger_lines.account_role when 'deferred_revenue' then 1 else -1 end as direction
    from {{ ref('int_balances_ledger_lines') }} as ledger_lines
    inner join contract_currencies
        on ledger_lines.contract_id = contract_currencies.contract_id
    where ledger_lines.account_role in ('deferred_revenue', 'contract_asset')

),

combined as (

    select
        contract_id,
        period_no,
        case when is_revenue then 'billed' else 'collected' end as measure,
        amount_minor,
        amount_fn_minor
    from billings

    union all

    select
        contract_id,
        posting_period_no as period_no,
        -- Posted now for service of an earlier period (606-10-50-12A).
        case
            when posting_period_no > planned_period_no then 'recognized_late' else 'recognized'
        end as measure,
        amount_minor,
        amount_fn_minor
    from plan_rows

    union all

    -- A summary journal does not say for which contract: the plan row that names it does.
    select
        contract_id,
        posting_period_no as period_no,
        'ledger_deferred_revenue' as measure,
        0 as amount_minor,
        -amount_fn_minor as amount_fn_minor
    from plan_rows
    where posting_mode = 'summary'

    union all

    select
        orders.contract_id,
        settlements.period_no,
        'settled' as measure,
        settlements.amount_minor,
        settlements.amount_fn_minor
    from settlements
    inner join orders
        on settlements.order_record_id = orders.order_record_id

    union all

    select
        contract_id,
        period_no,
        case entry_kind when 'reclassification' then 'fx' else 'manual' end as measure,
        case entry_kind
            when 'reclassification' then 0
            else amount_fn_minor * direction * in_contract_currency
        end as amount_minor,
        amount_fn_minor * direction as amount_fn_minor
    from net_lines
    where entry_kind not in ('bill', 'revenue_journal')

    union all

    select
        contract_id,
        period_no,
        'ledger_' || account_role as measure,
        0 as amount_minor,
        amount_fn_minor
    from net_lines

)

select
    contract_id,
    period_no,
    measure,
    cast(sum(amount_minor) as bigint) as amount_minor,
    cast(sum(amount_fn_minor) as bigint) as amount_fn_minor
from combined
where period_no is not null
group by contract_id, period_no, measure
