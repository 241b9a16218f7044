-- Grain: one row per contract x accounting period in which any of its balances changes.
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

    select
        contract_id,
        period_no,
        'remaining_' || band_no as measure,
        amount_minor,
        amount_fn_minor
    from {{ ref('int_balances_remaining') }}

    union all

    select
        contract_id,
        period_no,
        'expected_earned' as measure,
        earned_minor as amount_minor,
        0 as amount_fn_minor
    from {{ ref('int_balances_expected') }}

    union all

    select
        contract_id,
        period_no,
        'expected_remaining' as measure,
        remaining_minor as amount_minor,
        0 as amount_fn_minor
    from {{ ref('int_balances_expected') }}

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

final as (

    select
        movements.contract_id,
        movements.period_no,
        {{ summed('amount_minor', 'billed') }} as billed_minor,
        {{ summed('amount_fn_minor', 'billed') }} as billed_fn_minor,
        {{ summed('amount_minor', 'recognized') }} as recognized_minor,
        {{ summed('amount_fn_minor', 'recognized') }} as recognized_fn_minor,
        {{ summed('amount_minor', 'manual') }}
        - {{ summed('amount_minor', 'recognized_late') }} as adjustment_minor,
        {{ summed('amount_fn_minor', 'manual') }}
        - {{ summed('amount_fn_minor', 'recognized_late') }} as adjustment_fn_minor,
        {{ summed('amount_fn_minor', 'fx') }} as fx_fn_minor,
        {{ summed('amount_minor', 'settled') }} as settled_minor,
        {{ summed('amount_fn_minor', 'settled') }} as settled_fn_minor,
        {{ summed('amount_fn_minor', 'ledger_deferred_revenue') }} as ledger_deferred_fn_minor,
        {{ summed('amount_fn_minor', 'ledger_contract_asset') }} as ledger_asset_fn_minor,
        {{ summed('amount_minor', 'remaining_1') }} as current_minor,
        {{ summed('amount_fn_minor', 'remaining_1') }} as current_fn_minor,
        {{ summed('amount_minor', 'remaining_2') }} as second_minor,
        {{ summed('amount_fn_minor', 'remaining_2') }} as second_fn_minor,
        {{ summed('amount_minor', 'remaining_3') }} as later_minor,
        {{ summed('amount_fn_minor', 'remaining_3') }} as later_fn_minor,
        {{ summed('amount_minor', 'expected_earned') }} as expected_earned_minor,
        {{ summed('amount_minor', 'expected_remaining') }} as expected_remaining_minor
    from movements
    inner join reporting_period
        on movements.period_no <= reporting_period.period_no
    group by movements.contract_id, movements.period_no

)

select * from final
