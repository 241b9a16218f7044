-- Grain: one row per contract line version of the CRM, with the recognition policy it is under and
-- the amount allocated to it.
with

views as (

    select * from {{ ref('int_revenue_views') }}
    where view_name = 'contract'

),

lines as (

    select * from {{ ref('int_revenue_lines') }}

),

contracts as (

    select * from {{ ref('int_revenue_contracts') }}

),

assigned as (

    select * from {{ ref('int_revenue_assigned_policies') }}

),

versions as (

    select * from {{ ref('int_revenue_versions') }}

),

allocations as (

    -- As the contract stands after its last modification.
    select
        allocations.line_key,
        allocations.amount_minor
    from {{ ref('int_revenue_allocations') }} as allocations
    inner join versions
        on
        allocations.contract_key = versions.contract_key
        and allocations.modification_id is not distinct from versions.modification_id
    qualify
        row_number() over (partition by allocations.line_key order by versions.step_no desc) = 1

),

rates as (

    select
        contract_line_version_id,
        product_id,
        rate_numerator,
        rate_denominator
    from {{ ref('fct_contract_lines') }}
    where witness = 'crm'

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

reporting_currency as (

    select * from {{ ref('dim_currency') }}
    where is_reporting_currency

),

final as (

    select
        views.contract_line_version_id,
        views.contract_line_id,
        views.contract_id,
        views.customer_id,
        rates.product_id,
        coalesce(lines.policy_id, contracts.policy_id) as policy_id,
        coalesce(assigned.policy_scope, 'default') as policy_scope,
        assigned.assignment_no,
        contracts.policy_id as contract_policy_id,
        views.currency_code,
        {{ money('coalesce(allocations.amount_minor, 0)', 'currencies.minor_unit_value') }}
            as allocated_txn,
        {{ money(
            converted_minor_units(
                'coalesce(allocations.amount_minor, 0)',
                'rates.rate_numerator',
                'rates.rate_denominator'
            ),
            'reporting_currency.minor_unit_value'
        ) }} as allocated_rpt,
        views.record_id as crm_record_id
    from views
    inner join lines
        on views.line_key = lines.line_key
    inner join contracts
        on views.contract_key = contracts.contract_key
    inner join rates
        on views.contract_line_version_id = rates.contract_line_version_id
    inner join currencies
        on views.currency_code = currencies.currency_code
    left join assigned
        on views.contract_line_version_id = assigned.contract_line_version_id
    left join allocations
        on views.line_key = allocations.line_key
    cross join reporting_currency

)

select * from final
