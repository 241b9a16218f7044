-- Grain: one row per recognition policy x setting whose value the engine does not know.
with

policies as (

    select * exclude (anchor_day, variable_test_tolerance)
    from {{ ref('int_revenue_policies') }}

),

defaults as (

    select policy_id
    from {{ ref('dim_revenue_policy') }}
    where is_default

),

choices as (

    -- A number has no list of values.
    select * from {{ ref('policy_choices') }}
    where setting_value != '*'

),

settings as (

    select
        policy_id,
        setting,
        setting_value
    from policies
    unpivot include nulls (setting_value for setting in (columns(* exclude (policy_id))))

),

known as (

    select
        setting,
        {{ sorted_distinct_text('setting_value') }} as setting_values
    from choices
    group by setting

),

final as (

    select
        settings.policy_id,
        defaults.policy_id is not null as is_default,
        settings.setting,
        coalesce(settings.setting_value, 'none given')
        || ' is not a value of ' || settings.setting || ' in policy ' || settings.policy_id || '.'
            as message,
        'Use one of ' || known.setting_values || ' in the seed revenue_policies.' as fix
    from settings
    inner join known
        on settings.setting = known.setting
    left join choices
        on
        settings.setting = choices.setting
        and settings.setting_value = choices.setting_value
    left join defaults
        on settings.policy_id = defaults.policy_id
    where choices.setting_value is null

)

select * from final
