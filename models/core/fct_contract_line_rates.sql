-- Grain: one row per contract line version: the exchange rates both systems convert it at, with the
-- kind of each rate and its day. Of several ERP lines of a version the first speaks, as in the
-- chain.
with

contract_lines as (

    select * from {{ ref('fct_contract_lines') }}

),

dated_rates as (

    select * from {{ ref('int_crm_reporting_rates') }}

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

rated as (

    -- Minor units of the reporting currency for one of the contract's, made rates of whole units.
    select
        contract_lines.contract_line_version_id,
        contract_lines.contract_line_id,
        contract_lines.witness,
        contract_lines.record_id,
        contract_lines.known_on,
        cast(
            {{ rounded_quotient(
                wide_integer('contract_lines.rate_numerator')
                ~ ' * 10000000000 * currencies.minor_units_per_major',
                'contract_lines.rate_denominator * reporting.minor_units_per_major'
            ) }} as decimal(28, 0)
        ) * cast(0.0000000001 as decimal(11, 10)) as rate,
        dated_rates.starts_on as dated_on
    from contract_lines
    inner join currencies
        on contract_lines.currency_code = currencies.currency_code
    inner join currencies as reporting
        on reporting.is_reporting_currency
    left join dated_rates
        on
        contract_lines.currency_code = dated_rates.currency_code
        and contract_lines.known_on >= dated_rates.starts_on
        and contract_lines.known_on < dated_rates.ends_before

),

typed as (

    -- The CRM's static rate has no day; an order keeps the rate of its own.
    select
        *,
        case
            when witness = 'erp' then 'order'
            when dated_on > date '0001-01-01' then 'dated'
            else 'static'
        end as rate_type,
        case
            when witness = 'erp' then known_on
            when dated_on > date '0001-01-01' then dated_on
        end as rated_on
    from rated

),

final as (

    select
        contract_line_version_id,
        max(contract_line_id) as contract_line_id,
        cast(min_by(rate, record_id) filter (where witness = 'crm') as decimal(28, 10)) as crm_rate,
        min_by(rate_type, record_id) filter (where witness = 'crm') as crm_rate_type,
        min_by(rated_on, record_id) filter (where witness = 'crm') as crm_rated_on,
        cast(min_by(rate, record_id) filter (where witness = 'erp') as decimal(28, 10)) as erp_rate,
        min_by(rate_type, record_id) filter (where witness = 'erp') as erp_rate_type,
        min_by(rated_on, record_id) filter (where witness = 'erp') as erp_rated_on
    from typed
    group by contract_line_version_id

)

select * from final
