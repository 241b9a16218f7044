-- Grain: one row per contract line version x reason code of its price: the two values that differ.
with

chain_versions as (

    select * from {{ ref('int_chain_scoped_versions') }}

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

used as (

    select
        contract_line_version_id,
        sum(used_quantity) as used_quantity
    from {{ ref('int_chain_schedule') }}
    where view_name = 'synced' and used_quantity != 0
    group by contract_line_version_id

),

priced as (

    select
        chain_versions.contract_line_id,
        chain_versions.contract_line_version_id,
        chain_versions.recognition_pattern,
        chain_versions.crm_minor,
        chain_versions.erp_minor,
        chain_versions.shifted_minor,
        chain_versions.allocated_minor,
        {{ money_text('chain_versions.crm_minor', 'currencies.minor_unit_value') }} as crm_amount,
        {{ money_text('chain_versions.erp_minor', 'currencies.minor_unit_value') }} as erp_amount,
        {{ money_text(
            '(chain_versions.erp_minor + chain_versions.shifted_minor)',
            'currencies.minor_unit_value'
        ) }} as book_amount,
        {{ money_text('chain_versions.allocated_minor', 'currencies.minor_unit_value') }}
            as allocated_amount,
        case
            when chain_versions.crm_minor = 0 then 'none'
            else {{ quantity_text('chain_versions.crm_quantity') }}
        end as bought_text,
        {{ quantity_text('coalesce(used.used_quantity, 0)') }} as used_text,
        {{ money_text(
            minor_units('chain_versions.crm_usage_price', 'currencies.minor_units_per_major'),
            'currencies.minor_unit_value'
        ) }} as crm_usage_price_text,
        {{ money_text(
            minor_units('chain_versions.erp_usage_price', 'currencies.minor_units_per_major'),
            'currencies.minor_unit_value'
        ) }} as erp_usage_price_text
    from chain_versions
    left join currencies
        on chain_versions.currency_code = currencies.currency_code
    left join used
        on chain_versions.contract_line_version_id = used.contract_line_version_id

),

found as (

    select
        contract_line_id,
        contract_line_version_id,
        'price_mismatch' as reason_code,
        'amount' as evidence_label,
        crm_amount as crm_value,
        erp_amount as erp_value
    from priced
    where crm_minor != erp_minor

    union all

    select
        contract_line_id,
        contract_line_version_id,
        'price_mismatch' as reason_code,
        'price of use' as evidence_label,
        crm_usage_price_text as crm_value,
        erp_usage_price_text as erp_value
    from priced
    where crm_minor = erp_minor and crm_usage_price_text != erp_usage_price_text

    union all

    select
        contract_line_id,
        contract_line_version_id,
        'allocation_ssp' as reason_code,
        'price' as evidence_label,
        erp_amount || ' as ordered' as crm_value,
        book_amount || ' by selling price' as erp_value
    from priced
    where shifted_minor != 0

    union all

    select
        contract_line_id,
        contract_line_version_id,
        'allocation_mismatch' as reason_code,
        'allocated amount' as evidence_label,
        book_amount as crm_value,
        allocated_amount as erp_value
    from priced
    where erp_minor + shifted_minor != allocated_minor

    union all

    select
        contract_line_id,
        contract_line_version_id,
        case recognition_pattern when 'drawdown' then 'credits_unused' else 'usage_overage' end
            as reason_code,
        'units bought, used' as evidence_label,
        bought_text as crm_value,
        used_text as erp_value
    from priced
    where recognition_pattern in ('usage', 'drawdown')

)

select * from found

union all

-- What lapsed unused and what is earned for it have one cause.
select * replace ('breakage' as reason_code)
from found
where reason_code = 'credits_unused'
