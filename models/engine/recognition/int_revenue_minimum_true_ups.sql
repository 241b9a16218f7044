-- Grain: one row per contract with a spend minimum x accounting period of its usage, with what the
-- period's usage was charged and what is missing to the minimum (a minimum that resets is earned in
-- its own period, 606-10-32-40).
with

contracts as (

    select contracts.*
    from {{ ref('int_revenue_contracts') }} as contracts
    inner join {{ ref('int_revenue_policies') }} as policies
        on contracts.policy_id = policies.policy_id
    where policies.minimum = 'per_period' and contracts.minimum_amount is not null

),

usage_terms as (

    select
        contract_key,
        min(starts_on) as starts_on,
        max(ends_on) as ends_on
    from {{ ref('int_revenue_line_terms') }}
    where pattern = 'usage'
    group by contract_key

),

usage_charges as (

    select * from {{ ref('int_revenue_usage_charges') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

periods as (

    select
        contracts.contract_key,
        accounting_periods.period_no,
        accounting_periods.starts_on,
        accounting_periods.ends_on,
        {{ minor_from_decimal('contracts.minimum_amount', 'contracts.currency_decimals') }}
            as minimum_minor
    from contracts
    inner join usage_terms
        on contracts.contract_key = usage_terms.contract_key
    inner join accounting_periods
        on
        usage_terms.starts_on <= accounting_periods.ends_on
        and usage_terms.ends_on >= accounting_periods.starts_on

),

charged as (

    select
        periods.contract_key,
        periods.period_no,
        periods.ends_on as due_on,
        periods.minimum_minor,
        cast(coalesce(sum(usage_charges.charge_minor), 0) as bigint) as charged_minor
    from periods
    left join usage_charges
        on
        periods.contract_key = usage_charges.contract_key
        and usage_charges.occurred_on between periods.starts_on and periods.ends_on
    group by
        periods.contract_key, periods.period_no, periods.ends_on, periods.minimum_minor

),

final as (

    select
        *,
        greatest(minimum_minor - charged_minor, 0) as true_up_minor
    from charged

)

select * from final
