-- Grain: one row per contract x system x hold code x record x field that keeps the engine from
-- computing the contract. booked is that of the whole contract: not additive over its rows.
with

holds as (

    select * from {{ ref('int_revenue_holds') }}

),

booked as (

    select
        contract_id,
        sum(amount_minor) as booked_minor,
        sum(amount_rpt_minor) as booked_rpt_minor
    from {{ ref('fct_contract_lines') }}
    where witness = 'crm'
    group by contract_id

),

contracts as (

    select * from {{ ref('dim_contract') }}

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

reporting_currency as (

    select * from {{ ref('dim_currency') }}
    where is_reporting_currency

),

sources as (

    select * from {{ ref('dim_source') }}

),

final as (

    select
        {{ surrogate_key([
            'holds.view_name', 'holds.contract_id', 'holds.hold_code', 'holds.record_id',
            'holds.field_name'
        ]) }} as revenue_hold_id,
        holds.contract_id,
        contracts.contract_number,
        contracts.customer_id,
        holds.contract_line_id,
        holds.hold_code,
        case holds.view_name when 'contract' then 'crm' else 'erp' end as witness,
        holds.record_id,
        case
            when holds.view_name = 'contract' then sources.record_url_prefix || holds.record_id
        end as record_url,
        holds.field_name,
        holds.message,
        holds.fix,
        contracts.currency_code,
        {{ money('cast(coalesce(booked.booked_minor, 0) as bigint)',
            'currencies.minor_unit_value') }} as booked_txn,
        {{ money('cast(coalesce(booked.booked_rpt_minor, 0) as bigint)',
            'reporting_currency.minor_unit_value') }} as booked_rpt
    from holds
    inner join contracts
        on holds.contract_id = contracts.contract_id
    inner join currencies
        on contracts.currency_code = currencies.currency_code
    cross join reporting_currency
    left join booked
        on holds.contract_id = booked.contract_id
    left join sources
        on sources.source_name = 'salesforce'

)

select * from final
