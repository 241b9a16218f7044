-- Grain: one row per contract: the currency its balances are counted in, and what a minor unit of
-- either system's orders is in it. That of the CRM, unless the ERP's is one of more decimals.
with

contract_lines as (

    select
        contract_id,
        witness,
        currency_code
    from {{ ref('fct_contract_lines') }}

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

counted as (

    {{ finest_currency('contract_id') }}

),

stated as (

    select
        contract_id,
        max(currency_code) filter (where witness = 'crm') as crm_currency_code,
        max(currency_code) filter (where witness = 'erp') as erp_currency_code
    from contract_lines
    group by contract_id

),

final as (

    select
        counted.contract_id,
        counted.currency_code,
        coalesce(stated.erp_currency_code, stated.crm_currency_code) as erp_currency_code,
        {{ divide_integers(
            'counted.minor_units_per_major',
            'coalesce(crm_currencies.minor_units_per_major, counted.minor_units_per_major)'
        ) }} as crm_scale,
        {{ divide_integers(
            'counted.minor_units_per_major',
            'coalesce(erp_currencies.minor_units_per_major, counted.minor_units_per_major)'
        ) }} as erp_scale
    from counted
    inner join stated
        on counted.contract_id = stated.contract_id
    left join currencies as crm_currencies
        on stated.crm_currency_code = crm_currencies.currency_code
    left join currencies as erp_currencies
        on stated.erp_currency_code = erp_currencies.currency_code

)

select * from final
