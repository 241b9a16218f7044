-- Grain: one row per journal line on a revenue account that no plan made, with the contract line
-- version it belongs to (null: none is known, it stays in the ledger alone), in the currency of the
-- ERP's order and in the ledger's. A journal in another currency is turned into it at the rate of
-- the order.
with

manual_journals as (

    select * from {{ ref('int_erp_manual_journals') }}

),

chain_versions as (

    select * from {{ ref('int_chain_versions') }}

),

erp_versions as (

    -- A record that several versions share stands for the first of them.
    select
        record_id as erp_record_id,
        min(contract_line_version_id) as contract_line_version_id
    from {{ ref('fct_contract_lines') }}
    where witness = 'erp'
    group by record_id

),

crm_versions as (

    select
        crm_record_id,
        min(contract_line_version_id) as contract_line_version_id
    from chain_versions
    where crm_record_id is not null
    group by crm_record_id

),

attributed as (

    select
        manual_journals.*,
        coalesce(
            by_element.contract_line_version_id,
            by_key.contract_line_version_id,
            by_source.contract_line_version_id
        ) as contract_line_version_id,
        case
            when by_element.contract_line_version_id is not null then 'revenue element'
            when by_key.contract_line_version_id is not null then 'order product key'
            when by_source.contract_line_version_id is not null then 'source transaction'
        end as attributed_by
    from manual_journals
    left join erp_versions as by_element
        on manual_journals.element_record_id = by_element.erp_record_id
    left join crm_versions as by_key
        on manual_journals.crm_line_key = by_key.crm_record_id
    left join erp_versions as by_source
        on manual_journals.source_record_id = by_source.erp_record_id

),

final as (

    select
        attributed.journal_id,
        attributed.journal_number,
        attributed.line_id,
        attributed.account_id,
        attributed.period_no,
        attributed.contract_line_version_id,
        attributed.attributed_by,
        chain_versions.contract_line_id,
        case
            when
                attributed.currency_code
                = coalesce(chain_versions.erp_currency_code, chain_versions.currency_code)
                then attributed.amount_minor
            else {{ converted_minor_units(
                'attributed.amount_fn_minor',
                'chain_versions.rate_denominator',
                'chain_versions.rate_numerator'
            ) }}
        end as amount_minor,
        attributed.amount_fn_minor
    from attributed
    left join chain_versions
        on attributed.contract_line_version_id = chain_versions.contract_line_version_id

)

select * from final
