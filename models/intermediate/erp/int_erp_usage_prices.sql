-- Grain: one row per ERP contract line with a charge: what the ERP charges for a unit of use.
with

charges as (

    select * from {{ ref('stg_netsuite__charges') }}
    -- What a month was short of a minimum is charged as an amount, without a price.
    where not is_deleted and charge_use = 'ACTUAL' and unit_price is not null

),

transaction_lines as (

    select * from {{ ref('stg_netsuite__transaction_lines') }}
    where revenue_element_id is not null and not is_deleted

),

element_lines as (

    select * from {{ ref('int_erp_element_lines') }}
    where is_charge

),

latest as (

    select
        element_lines.record_id,
        charges.unit_price
    from charges
    inner join transaction_lines
        on charges.invoice_id = transaction_lines.transaction_id
    inner join element_lines
        on transaction_lines.revenue_element_id = element_lines.revenue_element_id
    qualify row_number() over (
            partition by element_lines.record_id
            order by charges.billed_on desc, charges.charge_id desc
        ) = 1

)

select * from latest
