-- Grain: one row per contract x accounting period from its first fact to the reporting period.
-- What moved in the period, and balances at its end in minor units (_fn: the ledger's currency).
with

changes as (

    select * from {{ ref('int_balances_changes') }}

),

outlooks as (

    select * from {{ ref('int_balances_outlooks') }}

),

reporting_period as (

    select period_no
    from {{ ref('dim_accounting_period') }}
    where is_reporting_period

),

facts as (

    select
        contract_id,
        period_no
    from changes

    union all

    select
        contract_id,
        period_no
    from outlooks

),

lives as (

    select
        facts.contract_id,
        min(facts.period_no) as first_no,
        any_value(reporting_period.period_no) as last_no
    from facts
    cross join reporting_period
    group by facts.contract_id

),

grid as (

    {{ explode_integers('lives', 'first_no', 'last_no', 'period_no') }}

),

filled as (

    select
        grid.contract_id as held_contract_id,
        grid.period_no as held_period_no,
        changes.*,
        outlooks.*
    from grid
    left join changes
        on
        grid.contract_id = changes.contract_id
        and grid.period_no = changes.period_no
    left join outlooks
        on
        grid.contract_id = outlooks.contract_id
        and grid.period_no = outlooks.period_no

),

final as (

    select
        held_contract_id as contract_id,
        cast(held_period_no as integer) as period_no,
        coalesce(billed_minor, 0) as billed_minor,
        coalesce(recognized_minor, 0) as recognized_minor,
        coalesce(adjustment_minor, 0) as adjustment_minor,
        {{ balance('billed_minor - recognized_minor + adjustment_minor') }} as net_minor,
        coalesce(billed_fn_minor, 0) as billed_fn_minor,
        coalesce(recognized_fn_minor, 0) as recognized_fn_minor,
        coalesce(adjustment_fn_minor, 0) as adjustment_fn_minor,
        coalesce(fx_fn_minor, 0) as fx_fn_minor,
        {{ balance(
            'billed_fn_minor - recognized_fn_minor + adjustment_fn_minor + fx_fn_minor'
        ) }} as net_fn_minor,
        {{ balance('billed_minor + collected_minor - settled_minor') }} as unsettled_minor,
        {{ balance('billed_fn_minor + collected_fn_minor - settled_fn_minor') }}
            as unsettled_fn_minor,
        {{ balance('ledger_deferred_fn_minor') }} as ledger_deferred_fn_minor,
        {{ balance('ledger_asset_fn_minor') }} as ledger_asset_fn_minor,
        {{ balance('current_minor') }} as current_minor,
        {{ balance('current_fn_minor') }} as current_fn_minor,
        {{ balance('second_minor') }} as second_minor,
        {{ balance('second_fn_minor') }} as second_fn_minor,
        {{ balance('later_minor') }} as later_minor,
        {{ balance('later_fn_minor') }} as later_fn_minor,
        {{ balance('billed_minor') }} - {{ balance('expected_earned_minor') }}
            as expected_net_minor,
        {{ balance('expected_remaining_minor') }} as expected_remaining_minor
    from filled
    window
        to_date as (
            partition by held_contract_id
            order by held_period_no
            rows between unbounded preceding and current row
        )

)

select * from final
