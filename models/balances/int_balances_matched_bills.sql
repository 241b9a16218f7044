-- Grain: one row per contract x billing period x turn x recognition period: what was billed in the
-- one and is earned in the other. Billing and revenue of a contract are two stretches side by side,
-- first billed first earned; where they overlap, the bill is earned.
with

billed as (

    select * from {{ ref('int_balances_billed_steps') }}

),

earned as (

    select * from {{ ref('int_balances_earned_steps') }}

),

touching as (

    select
        billed.contract_id,
        billed.currency_code,
        billed.period_no as origin_no,
        billed.billed_minor,
        billed.billed_fn_minor,
        earned.turn,
        earned.period_no as recognition_no,
        greatest(billed.from_minor, earned.from_minor) - billed.from_minor as part_from,
        least(billed.to_minor, earned.to_minor) - billed.from_minor as part_to
    from billed
    inner join earned
        on
        billed.contract_id = earned.contract_id
        and billed.from_minor < earned.to_minor
        and billed.to_minor > earned.from_minor

),

final as (

    select
        contract_id,
        currency_code,
        origin_no,
        turn,
        recognition_no,
        part_to - part_from as amount_minor,
        {{ converted_minor_units('part_to', 'billed_fn_minor', 'billed_minor') }}
        - {{ converted_minor_units('part_from', 'billed_fn_minor', 'billed_minor') }}
            as amount_rpt_minor
    from touching

)

select * from final
