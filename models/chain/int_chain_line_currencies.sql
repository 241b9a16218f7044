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

    select
        contract_lines.contract_line_id,
        contract_lines.currency_code,
        currencies.minor_units_per_major
    from contract_lines
    inner join currencies
        on contract_lines.currency_code = currencies.currency_code
    qualify row_number() over (
            partition by contract_lines.contract_line_id
            order by
                currencies.minor_units_per_major desc,
                contract_lines.witness asc,
                contract_lines.currency_code asc
        ) = 1

)

select * from finest
