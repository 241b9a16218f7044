-- Grain: one row per override of the crosswalk, with what it does: the links there would be without
-- it, and the money it moves from unexplained to linked.
with

effects as (

    select * from {{ ref('int_crosswalk_override_effects') }}

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
        {{ surrogate_key(['effects.crm_record_id', 'effects.erp_record_id']) }} as override_id,
        effects.crm_record_id,
        effects.erp_record_id,
        effects.owner,
        effects.reason,
        effects.created_on,
        effects.expires_on,
        effects.erp_records_without,
        effects.crm_records_without,
        effects.match_pass_without,
        effects.currency_code,
        {{ money('effects.crm_minor', 'currencies.minor_unit_value') }} as crm_amount_txn,
        {{ money('effects.erp_minor', 'currencies.minor_unit_value') }} as erp_amount_txn,
        {{ money('effects.open_without_minor', 'currencies.minor_unit_value') }}
            as open_without_txn,
        {{ money('effects.open_with_minor', 'currencies.minor_unit_value') }} as open_with_txn,
        {{ money('effects.moved_minor', 'currencies.minor_unit_value') }} as moved_txn,
        {{ money(
            converted_minor_units(
                'effects.moved_minor', 'effects.rate_numerator', 'effects.rate_denominator'
            ),
            'reporting_currency.minor_unit_value'
        ) }} as moved_rpt
    from effects
    left join currencies
        on effects.currency_code = currencies.currency_code
    cross join reporting_currency

)

select * from final
