-- Grain: one row per contract x accounting period in which its bills, revenue, payments or ledger
-- lines change, or in which it became known; minor units of the currency in
-- int_balances_currencies.
with

movements as (

    select
        contract_id,
        period_no,
        measure,
        amount_minor,
        amount_fn_minor
    from {{ ref('int_balances_movements') }}

    union all

    -- The contract's first fact, whoever knew it.
    select
        contracts.contract_id,
        coalesce(accounting_periods.period_no, 1) as period_no,
        'known' as measure,
        0 as amount_minor,
        0 as amount_fn_minor
    from {{ ref('dim_contract') }} as contracts
    left join {{ ref('dim_accounting_period') }} as accounting_periods
        on
        contracts.booked_on >= accounting_periods.starts_on
        and contracts.booked_on <= accounting_periods.ends_on

),

reporting_period as (

    select period_no
    from {{ ref('dim_accounting_period') }}
    where is_reporting_period

),

contract_currencies as (

    select * from {{ ref('int_balances_currencies') }}

),

final as (

    select
        movements.contract_id,
        movements.period_no,
        {{ measured('amount_minor * erp_scale', 'billed') }} as billed_minor,
        {{ measured('amount_fn_minor', 'billed') }} as billed_fn_minor,
        {{ measured('amount_minor * erp_scale', 'recognized') }} as recognized_minor,
        {{ measured('amount_fn_minor', 'recognized') }} as recognized_fn_minor,
        {{ measured('amount_minor * erp_scale', 'manual') }}
        - {{ measured('amount_minor * erp_scale', 'recognized_late') }} as adjustment_minor,
        {{ measured('amount_fn_minor', 'manual') }}
        - {{ measured('amount_fn_minor', 'recognized_late') }} as adjustment_fn_minor,
        {{ measured('amount_fn_minor', 'fx') }} as fx_fn_minor,
        {{ measured('amount_minor * erp_scale', 'collected') }} as collected_minor,
        {{ measured('amount_fn_minor', 'collected') }} as collected_fn_minor,
        {{ measured('amount_minor * erp_scale', 'settled') }} as settled_minor,
        {{ measured('amount_fn_minor', 'settled') }} as settled_fn_minor,
        {{ measured('amount_fn_minor', 'ledger_deferred_revenue') }} as ledger_deferred_fn_minor,
        {{ measured('amount_fn_minor', 'ledger_contract_asset') }} as ledger_asset_fn_minor
    from movements
    inner join contract_currencies
        on movements.contract_id = contract_currencies.contract_id
    inner join reporting_period
        on movements.period_no <= reporting_period.period_no
    group by movements.contract_id, movements.period_no

)

select * from final
