-- Grain: one row per recognition policy x setting, with what its value means.
with

policies as (

    select
        policy_id,
        ramp,
        minimum,
        proration,
        day_boundary,
        end_date,
        allocation_residual,
        schedule_residual,
        residual_fallback,
        variable_allocation,
        cast(cast(variable_test_tolerance as decimal(28, 4)) as varchar) as variable_test_tolerance,
        modification,
        option_exercise,
        credit_note,
        breakage,
        tiered_usage,
        tier_reset,
        receivable_on,
        fx,
        pricing_term,
        cast(anchor_day as varchar) as anchor_day,
        financing
    from {{ ref('revenue_policies') }}

),

choices as (

    select * from {{ ref('policy_choices') }}

),

chosen as (

    -- A setting without a value (a number that no other setting asks for) is not in force.
    unpivot policies
    on columns(* exclude (policy_id))
    into name setting value setting_value

),

settings as (

    select
        policy_id,
        setting,
        setting_value
    from chosen

    union all

    select
        policies.policy_id,
        choices.setting,
        choices.setting_value
    from policies
    cross join choices
    where choices.setting_level = 'fixed'

),

final as (

    select
        {{ surrogate_key(['settings.policy_id', 'settings.setting']) }} as policy_setting_id,
        settings.policy_id,
        choices.choice_no,
        choices.choice,
        settings.setting,
        choices.setting_level,
        settings.setting_value,
        choices.meaning,
        choices.paragraph
    from settings
    left join choices
        on
        settings.setting = choices.setting
        and choices.setting_value in (settings.setting_value, '*')

)

select * from final
