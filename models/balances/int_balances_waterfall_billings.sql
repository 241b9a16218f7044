-- Grain: one row per currency x billing period (null: not billed yet) x status x recognition period
-- (null: none), through the reporting period. All rows of a billing period sum to what was billed.
with

billed as (

    select
        *,
        case
            when billed_minor > 0
                then {{ converted_minor_units(
                    '(to_minor - from_minor)', 'billed_fn_minor', 'billed_minor'
                ) }}
            else 0
        end as kept_fn_minor
    from {{ ref('int_balances_billed_steps') }}

),

earned as (

    select * from {{ ref('int_balances_earned_steps') }}

),

matched as (

    select * from {{ ref('int_balances_matched_bills') }}

),

billings as (

    select billings.*
    from {{ ref('int_balances_billings') }} as billings
    inner join {{ ref('dim_accounting_period') }} as reporting_period
        on
        reporting_period.is_reporting_period
        and billings.period_no <= reporting_period.period_no
    where billings.contract_id is null or not billings.is_revenue

),

contracts as (

    select
        contracts.contract_id,
        any_value(contracts.erp_currency_code) as currency_code,
        coalesce(max(billed.to_minor), 0) as billed_minor
    from {{ ref('int_balances_currencies') }} as contracts
    left join billed
        on contracts.contract_id = billed.contract_id
    group by contracts.contract_id

),

placed as (

    select
        contract_id,
        origin_no,
        sum(amount_minor) as amount_minor,
        sum(amount_rpt_minor) as amount_rpt_minor
    from matched
    group by contract_id, origin_no

),

combined as (

    select
        currency_code,
        origin_no,
        case turn when 0 then 'recognized' else 'scheduled' end as status,
        recognition_no,
        amount_minor,
        amount_rpt_minor
    from matched

    union all

    select
        billed.currency_code,
        billed.period_no as origin_no,
        'unscheduled' as status,
        null as recognition_no,
        billed.to_minor - billed.from_minor - coalesce(placed.amount_minor, 0) as amount_minor,
        billed.kept_fn_minor - coalesce(placed.amount_rpt_minor, 0) as amount_rpt_minor
    from billed
    left join placed
        on
        billed.contract_id = placed.contract_id
        and billed.period_no = placed.origin_no

    union all

    select
        currency_code,
        period_no as origin_no,
        'taken_back' as status,
        null as recognition_no,
        billed_minor - to_minor + from_minor as amount_minor,
        billed_fn_minor - kept_fn_minor as amount_rpt_minor
    from billed

    union all

    select
        currency_code,
        period_no as origin_no,
        case when contract_id is null then 'no_contract' else 'unscheduled' end as status,
        null as recognition_no,
        amount_minor,
        amount_fn_minor as amount_rpt_minor
    from billings

    union all

    -- Earned, or to be, and not billed.
    select
        contracts.currency_code,
        null as origin_no,
        case earned.turn when 0 then 'recognized' else 'scheduled' end as status,
        earned.period_no as recognition_no,
        earned.to_minor - greatest(earned.from_minor, contracts.billed_minor) as amount_minor,
        {{ converted_minor_units(
            '(earned.to_minor - greatest(earned.from_minor, contracts.billed_minor))',
            'earned.earned_fn_minor', 'earned.earned_minor'
        ) }} as amount_rpt_minor
    from earned
    inner join contracts
        on earned.contract_id = contracts.contract_id
    where earned.to_minor > greatest(earned.from_minor, contracts.billed_minor)

)

select
    currency_code,
    origin_no,
    status,
    recognition_no,
    cast(sum(amount_minor) as bigint) as amount_minor,
    cast(sum(amount_rpt_minor) as bigint) as amount_rpt_minor
from combined
group by currency_code, origin_no, status, recognition_no
having sum(amount_minor) != 0 or sum(amount_rpt_minor) != 0
