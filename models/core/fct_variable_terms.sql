-- Grain: one row per witness (crm, erp) x contract line version x record x kind of variable amount
-- x day: what makes the price of a version vary after it was sold. Of an ERP line that several
-- versions share each has its part of an estimate or a credit memo, and the first the minimum.
with

contract_lines as (

    select
        witness,
        record_id,
        contract_id,
        contract_line_id,
        contract_line_version_id,
        currency_code,
        share_before,
        share_through,
        share_total,
        is_first_of_record
    from {{ ref('fct_contract_lines') }}

),

combined as (

    select
        'crm' as witness,
        record_id,
        term_kind,
        effective_on,
        term_record_id,
        term_header_record_id,
        term_document,
        amount_minor,
        load_id
    from {{ ref('int_crm_variable_terms') }}

    union all

    select
        'erp' as witness,
        record_id,
        term_kind,
        effective_on,
        term_record_id,
        term_header_record_id,
        term_document,
        amount_minor,
        load_id
    from {{ ref('int_erp_variable_terms') }}

),

final as (

    select
        {{ surrogate_key([
            'combined.witness', 'combined.term_record_id', 'combined.term_kind',
            'combined.effective_on', 'contract_lines.contract_line_version_id'
        ]) }} as variable_term_id,
        combined.witness,
        combined.term_kind,
        contract_lines.contract_id,
        contract_lines.contract_line_id,
        contract_lines.contract_line_version_id,
        contract_lines.currency_code,
        combined.effective_on,
        case
            when combined.term_kind = 'monthly_minimum' then combined.amount_minor
            else {{ share_between(
                'combined.amount_minor',
                'contract_lines.share_before',
                'contract_lines.share_through',
                'contract_lines.share_total'
            ) }}
        end as amount_minor,
        combined.record_id as line_record_id,
        combined.term_record_id as record_id,
        combined.term_header_record_id as header_record_id,
        combined.term_document as document_number,
        combined.load_id
    from combined
    inner join contract_lines
        on
        combined.witness = contract_lines.witness
        and combined.record_id = contract_lines.record_id
    where contract_lines.is_first_of_record or combined.term_kind != 'monthly_minimum'

)

select * from final
