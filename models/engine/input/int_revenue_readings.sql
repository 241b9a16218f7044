-- Grain: one row per reading of a contract line version (x ERP record): `contract` (the CRM's
-- terms), and of what the ERP knows `synced` (by the contract's own terms), `erp` (by the ERP's
-- terms) and, of lines that need them to tell two differences apart, `dated` (synced, at the ERP's
-- dates) and `ruled` (dated, by the ERP's rule).
with

contract_lines as (

    select
        witness,
        contract_id,
        contract_line_id,
        contract_line_version_id,
        version_no,
        change_kind,
        deal_kind,
        recognition_pattern,
        proration,
        currency_code,
        customer_id,
        ramp_group,
        known_on,
        record_id,
        revised_record_id,
        duplicate_of_record_id,
        row_number() over (parts order by record_id) as part_no,
        quantity,
        case witness when 'crm' then amount_minor else allocated_minor end as amount_minor,
        usage_price,
        selling_price,
        selling_price_percent,
        selling_price_group,
        bool_or(witness = 'crm' and allocation = 'relative_ssp') over (partition by contract_id)
            as is_sold_together,
        starts_on,
        ends_on
    from {{ ref('fct_contract_lines') }}
    window parts as (partition by witness, contract_line_version_id)

),

erp_terms as (

    select * from {{ ref('int_revenue_erp_terms') }}

),

erp_readings as (

    select
        readings.view_name,
        erp_lines.* replace (
            case readings.view_name
                when 'erp' then erp_lines.amount_minor else terms.terms_minor
            end as amount_minor,
            case
                when readings.view_name in ('ruled', 'erp') then erp_lines.recognition_pattern
                else terms.recognition_pattern
            end as recognition_pattern,
            case
                when readings.view_name in ('ruled', 'erp') then erp_lines.proration
                else terms.proration
            end as proration,
            case readings.view_name
                when 'synced' then terms.starts_on else erp_lines.starts_on
            end as starts_on,
            case readings.view_name
                when 'synced' then terms.ends_on
                when 'dated' then terms.dated_ends_on
                else erp_lines.ends_on
            end as ends_on
        )
    from contract_lines as erp_lines
    inner join erp_terms as terms
        on
        erp_lines.contract_line_version_id = terms.contract_line_version_id
        and erp_lines.record_id = terms.record_id
    cross join (values ('synced'), ('dated'), ('ruled'), ('erp')) as readings (view_name)
    where
        erp_lines.witness = 'erp'
        and case readings.view_name
            when 'dated'
                then terms.has_other_dates and (terms.has_other_rule or terms.has_other_ramp)
            when 'ruled' then terms.has_other_rule and terms.has_other_ramp
            else true
        end

),

combined as (

    select
        'contract' as view_name,
        *
    from contract_lines
    where witness = 'crm'

    union all

    select * from erp_readings

)

select * from combined
