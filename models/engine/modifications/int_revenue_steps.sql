-- Grain: one row per contract x step that changes its state, with the accounting treatment of a
-- modification: the decision tree of 606-10-25-10 to 25-13, or the policy that overrides it.
with

timeline as (

    select *
    from {{ ref('int_revenue_timeline') }}
    where step_no is not null

),

line_changes as (

    select * from {{ ref('int_revenue_line_changes') }}

),

contracts as (

    select * from {{ ref('int_revenue_contracts') }}

),

policies as (

    select * from {{ ref('int_revenue_policies') }}

),

steps as (

    select
        contract_key,
        step_no,
        min(timeline_no) as timeline_no,
        min(occurred_on) as occurred_on,
        min(step_kind) as step_kind,
        min(modification_id) as modification_id
    from timeline
    group by contract_key, step_no

),

weighed as (

    select
        line_changes.contract_key,
        line_changes.step_no,
        count_if(line_changes.is_added) as added_lines,
        count_if(line_changes.is_changed) as changed_lines,
        count_if(line_changes.is_undivided) as undivided_lines,
        bool_and(line_changes.has_ssp_given) filter (where line_changes.is_added)
            as have_ssps_given,
        sum(
            case
                when line_changes.is_added
                    then {{ wide_integer('line_changes.price_minor') }} * 1000000000000
                        - line_changes.ssp_weight
                        * {{ power_of_ten('contracts.currency_decimals') }}
                else 0
            end
        ) as price_above_ssp
    from line_changes
    inner join contracts
        on line_changes.contract_key = contracts.contract_key
    group by line_changes.contract_key, line_changes.step_no

),

final as (

    select
        steps.*,
        policies.credit_note as credit_note_policy,
        policies.option_exercise as option_exercise_policy,
        policies.allocation_residual,
        case
            when steps.step_kind = 'option_exercise' and policies.option_exercise = 'modification'
                then 'prospective'
            when steps.step_kind != 'modification' then 'price_change'
            when policies.modification != 'auto' then policies.modification
            when
                weighed.changed_lines = 0
                and weighed.added_lines > 0
                and weighed.have_ssps_given
                and weighed.price_above_ssp = 0
                then 'separate_contract'
            when
                weighed.added_lines = 0
                and weighed.changed_lines > 0
                and weighed.undivided_lines = weighed.changed_lines
                then 'cumulative_catch_up'
            when
                weighed.undivided_lines > 0
                and weighed.undivided_lines < weighed.changed_lines
                then 'mixed'
            else 'prospective'
        end as treatment
    from steps
    inner join contracts
        on steps.contract_key = contracts.contract_key
    left join policies
        on contracts.policy_id = policies.policy_id
    left join weighed
        on
        steps.contract_key = weighed.contract_key
        and steps.step_no = weighed.step_no

)

select * from final
