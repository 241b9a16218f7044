-- Grain: one row per currency, with the one rate all its ARR is shown at: that of the latest
-- booking by the end of the last period that has ended. One rate for all periods: a rate that moves
-- is no movement. A currency the CRM never booked in has the rate of the ERP's latest order.
with

contract_lines as (

    select * from {{ ref('fct_contract_lines') }}

),

reported as (

    select max(ends_on) as reported_on
    from {{ ref('dim_accounting_period') }}
    where has_ended

),

final as (

    select
        contract_lines.currency_code,
        contract_lines.rate_numerator,
        contract_lines.rate_denominator,
        contract_lines.known_on as rate_on
    from contract_lines
    cross join reported
    where contract_lines.known_on <= reported.reported_on
    qualify row_number() over (
            partition by contract_lines.currency_code
            order by
                case contract_lines.witness when 'crm' then 1 else 2 end,
                contract_lines.known_on desc,
                contract_lines.record_id desc
        ) = 1

)

select * from final
