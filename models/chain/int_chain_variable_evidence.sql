-- Grain: one row per contract line x reason code of an amount that varies: what the contract says
-- and what the ERP does, with the records.
with

variable_terms as (

    select * from {{ ref('fct_variable_terms') }}

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

priced as (

    select
        variable_terms.*,
        variable_terms.effective_on || ' ' || variable_terms.record_id as told_at,
        variable_terms.currency_code || ' ' || {{ money_text(
            'variable_terms.amount_minor', 'currencies.minor_unit_value'
        ) }} as amount_text
    from variable_terms
    inner join currencies
        on variable_terms.currency_code = currencies.currency_code

),

stated as (

    select
        *,
        case
            when term_kind = 'monthly_minimum' then amount_text
            else document_number || ': ' || amount_text || ' on ' || effective_on
        end as erp_text
    from priced

),

by_line as (

    select
        contract_line_id,
        term_kind,
        {{ ordered_text('amount_text', 'told_at', "witness = 'crm'") }} as crm_amounts,
        {{ ordered_text('amount_text', 'told_at', "witness = 'erp'") }} as erp_amounts,
        {{ ordered_text("amount_text || ' from ' || effective_on", 'told_at', "witness = 'crm'") }}
            as crm_text,
        {{ ordered_text('erp_text', 'told_at', "witness = 'erp'") }} as erp_text,
        min_by(record_id, told_at) filter (where witness = 'crm') as crm_record_id,
        min_by(record_id, told_at) filter (where witness = 'erp') as erp_record_id,
        min_by(header_record_id, told_at) filter (where witness = 'erp') as erp_header_record_id
    from stated
    group by contract_line_id, term_kind

),

named as (

    select
        *,
        case term_kind
            when 'monthly_minimum' then 'minimum_shortfall'
            when 'rebate_estimate' then 'variable_estimate'
            else 'credit_memo'
        end as reason_code,
        case term_kind
            when 'monthly_minimum' then 'minimum a month'
            when 'rebate_estimate' then 'rebate'
            else 'credit memo'
        end as evidence_label,
        case term_kind
            when 'rebate_estimate' then 'RtnAuth'
            when 'credit_memo' then 'CustCred'
            else 'SalesOrd'
        end as erp_record_type
    from by_line

),

found as (

    select
        *,
        reason_code as found_code
    from named

    union all

    -- The ERP holds another minimum or estimate than the contract.
    select
        *,
        'price_mismatch' as found_code
    from named
    where term_kind != 'credit_memo' and crm_amounts is distinct from erp_amounts

)

select
    contract_line_id,
    found_code as reason_code,
    evidence_label,
    coalesce(crm_text, 'none') as crm_value,
    coalesce(erp_text, 'none') as erp_value,
    crm_record_id,
    erp_record_id,
    erp_header_record_id,
    erp_record_type
from found
