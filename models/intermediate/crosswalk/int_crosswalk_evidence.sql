-- Grain: one row per pair of records that is linked or suggested, with the values that say so.
with

currencies as (

    select * from {{ ref('currencies') }}

),

overrides as (

    select * from {{ ref('int_crosswalk_overrides') }}

),

pairs as (

    select
        crm_record_id,
        erp_record_id,
        match_pass,
        override_no
    from {{ ref('int_crosswalk_links') }}

    union all

    select
        crm_record_id,
        erp_record_id,
        4 as match_pass,
        null as override_no
    from {{ ref('int_crosswalk_suggestions') }}

),

stated as (

    select
        pairs.*,
        erp_lines.crm_line_key,
        crm_lines.header_record_id,
        crm_lines.customer_record_id,
        overrides.owner,
        overrides.reason,
        crm_lines.starts_on as crm_starts_on,
        erp_lines.starts_on as erp_starts_on,
        case
            when crm_lines.product_record_id = erp_lines.crm_product_key
                then 'item ' || erp_lines.product_record_id
            else 'another item (' || erp_lines.product_record_id || ')'
        end as item_text,
        'amount '
        || {{ money_text('crm_lines.amount_minor', 'crm_currencies.minor_unit_value') }}
        || case
            when crm_lines.amount_minor = erp_lines.amount_minor then ''
            else
                ' and '
                || {{ money_text('erp_lines.amount_minor', 'erp_currencies.minor_unit_value') }}
        end as amount_text
    from pairs
    inner join {{ ref('int_crm_contract_lines') }} as crm_lines
        on pairs.crm_record_id = crm_lines.record_id
    inner join {{ ref('int_erp_contract_lines') }} as erp_lines
        on pairs.erp_record_id = erp_lines.record_id
    left join overrides
        on pairs.override_no = overrides.override_no
    left join currencies as crm_currencies
        on crm_lines.currency_code = crm_currencies.currency_code
    left join currencies as erp_currencies
        on erp_lines.currency_code = erp_currencies.currency_code

),

final as (

    select
        crm_record_id,
        erp_record_id,
        case match_pass
            when 5 then 'override by ' || owner || ': ' || reason
            when 1 then 'line key ' || crm_line_key || ', ' || amount_text
            when 4
                then
                    'customer ' || customer_record_id || ', ' || item_text || ', ' || amount_text
                    || ', starts ' || cast(crm_starts_on as varchar) || ' and '
                    || cast(erp_starts_on as varchar)
            else 'order ' || header_record_id || ', ' || item_text || ', ' || amount_text
        end as match_evidence
    from stated

)

select * from final
