-- Grain: one row per contract line version x accounting period x step x rule: a part of the
-- expected revenue of the period, what it is a part of, and the rules that made it so.
with

explanations as (

    select * from {{ ref('int_revenue_explanations') }}

),

views as (

    select * from {{ ref('int_revenue_views') }}

),

contract_views as (

    select * from views
    where view_name = 'contract'

),

contract_line_versions as (

    select * from {{ ref('dim_contract_line') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

final as (

    select
        {{ surrogate_key([
            'contract_views.contract_line_version_id', 'accounting_periods.period_key',
            'explanations.step_no', 'explanations.amount_rule_code',
            'explanations.recognition_rule_code'
        ]) }} as revenue_explanation_id,
        contract_views.contract_id,
        contract_views.contract_line_id,
        contract_views.contract_line_version_id,
        contract_views.version_no,
        contract_views.change_kind,
        accounting_periods.period_key,
        accounting_periods.period_no,
        accounting_periods.period_name,
        explanations.step_no,
        -- A reduction at its own price stands beside the rest as an addition does, but no contract
        -- is made by it: what remains is distinct and goes on (25-13(a)).
        case
            when
                contract_views.change_kind = 'decrease'
                and explanations.amount_rule_code = 'separate_contract'
                then 'prospective'
            else explanations.amount_rule_code
        end as amount_rule_code,
        -- A cancellation takes the rest of what it ends: nothing is left to spread that over.
        case
            when contract_views.change_kind = 'cancellation' then 'on_the_day'
            else explanations.recognition_rule_code
        end as recognition_rule_code,
        changes.version_no as changed_by_version_no,
        contract_line_versions.crm_record_id as changed_by_record_id,
        contract_views.record_id as crm_record_id,
        explanations.starts_on as earned_from,
        explanations.ends_on as earned_through,
        contract_views.currency_code,
        {{ money('explanations.over_minor', 'currencies.minor_unit_value') }} as earned_of_txn,
        {{ money('explanations.amount_minor', 'currencies.minor_unit_value') }} as expected_txn
    from explanations
    -- What is posted to a contract, as what it was short of its minimum, is its first line's.
    inner join contract_views
        on
        explanations.contract_key = contract_views.contract_key
        and (
            explanations.line_key = contract_views.line_key
            or (explanations.line_key is null and contract_views.line_no = 1)
        )
    left join views as changes
        on explanations.modification_id = changes.line_key
    left join contract_line_versions
        on changes.contract_line_version_id = contract_line_versions.contract_line_version_id
    inner join accounting_periods
        on explanations.period_no = accounting_periods.period_no
    inner join currencies
        on contract_views.currency_code = currencies.currency_code

)

select * from final
