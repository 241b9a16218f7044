-- Grain: one row per witness (crm, erp) x record x kind of variable amount x day: what makes the
-- price of a contract line version vary after it was sold.
with

contract_lines as (

    select
        witness,
        record_id,
        contract_id,
        contract_line_id,
        contract_line_version_id,
        currency_code
    from {{ ref('fct_contract_lines') }}

),

combined as (

    select
        'crm' as witness,
        *
    from {{ ref('int_crm_variable_terms') }}

    union all

    select
        'erp' as witness,
        * exclude (revenue_element_id)
    from {{ ref('int_erp_variable_terms') }}

),

final as (

    select
        {{ surrogate_key([
            'combined.witness', 'combined.term_record_id', 'combined.term_kind',
            'combined.effective_on'
        ]) }} as variable_term_id,
        combined.witness,
        combined.term_kind,
        contract_lines.contract_id,
        contract_lines.contract_line_id,
        contract_lines.contract_line_version_id,
        contract_lines.currency_code,
        combined.effective_on,
        combined.amount_minor,
        combined.term_record_id as record_id,
        combined.term_header_record_id as header_record_id,
        combined.term_document as document_number,
        combined.load_id
    from combined
    inner join contract_lines
        on
        combined.witness = contract_lines.witness
        and combined.record_id = contract_lines.record_id

)

select * from final
