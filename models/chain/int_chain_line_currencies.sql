-- Grain: one row per contract line: the currency in whose minor units its amounts are compared.
-- That of the CRM, unless an order of the ERP is in a currency of more decimals: amounts in two
-- currencies are compared by their face, number by number.
with

contract_lines as (

    select
        contract_line_id,
        witness,
        currency_code
    from {{ ref('fct_contract_lines') }}

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

finest as (

    {{ finest_currency('contract_line_id') }}

)

select * from finest
