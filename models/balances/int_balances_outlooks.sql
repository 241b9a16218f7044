-- Grain: one row per contract x accounting period in which what it is still to earn changes, or
-- what its terms expect of it.
with

remaining as (

    select
        remaining.contract_id,
        remaining.period_no,
        'remaining_' || remaining.band_no as measure,
        remaining.amount_minor,
        remaining.amount_fn_minor
    from {{ ref('int_balances_remaining') }} as remaining
    inner join {{ ref('dim_accounting_period') }} as reporting_period
        on
        reporting_period.is_reporting_period
        and remaining.period_no <= reporting_period.period_no

),

bands as (

    select
        contract_id,
        period_no,
        {{ measured('amount_minor', 'remaining_1') }} as current_minor,
        {{ measured('amount_fn_minor', 'remaining_1') }} as current_fn_minor,
        {{ measured('amount_minor', 'remaining_2') }} as second_minor,
        {{ measured('amount_fn_minor', 'remaining_2') }} as second_fn_minor,
        {{ measured('amount_minor', 'remaining_3') }} as later_minor,
        {{ measured('amount_fn_minor', 'remaining_3') }} as later_fn_minor
    from remaining
    group by contract_id, period_no

),

expected as (

    select expected.*
    from {{ ref('int_balances_expected') }} as expected
    inner join {{ ref('dim_accounting_period') }} as reporting_period
        on
        reporting_period.is_reporting_period
        and expected.period_no <= reporting_period.period_no

),

contract_currencies as (

    select * from {{ ref('int_balances_currencies') }}

),

final as (

    select
        coalesce(bands.contract_id, expected.contract_id) as contract_id,
        coalesce(bands.period_no, expected.period_no) as period_no,
        coalesce(bands.current_minor, 0) * contract_currencies.erp_scale as current_minor,
        coalesce(bands.current_fn_minor, 0) as current_fn_minor,
        coalesce(bands.second_minor, 0) * contract_currencies.erp_scale as second_minor,
        coalesce(bands.second_fn_minor, 0) as second_fn_minor,
        coalesce(bands.later_minor, 0) * contract_currencies.erp_scale as later_minor,
        coalesce(bands.later_fn_minor, 0) as later_fn_minor,
        coalesce(expected.earned_minor, 0) * contract_currencies.crm_scale
            as expected_earned_minor,
        coalesce(expected.remaining_minor, 0) * contract_currencies.crm_scale
            as expected_remaining_minor
    from bands
    full outer join expected
        on
        bands.contract_id = expected.contract_id
        and bands.period_no = expected.period_no
    inner join contract_currencies
        on
        coalesce(bands.contract_id, expected.contract_id)
        = contract_currencies.contract_id

)

select * from final
