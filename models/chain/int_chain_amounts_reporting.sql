-- Grain: one row per contract line version x accounting period up to the reporting period.
-- The steps of int_chain_amounts in the reporting currency: booked at the CRM's own rate, all the
-- others at the rate of the ERP's order, posted as the ledger holds it.
with

chain_amounts as (

    select * from {{ ref('int_chain_amounts') }}

),

converted as (

    select
        contract_line_version_id,
        contract_line_id,
        change_kind,
        period_no,
        is_in_crm,
        case when booked_minor = 0 then 0 else crm_rpt_minor end as booked_minor,
        {{ converted_minor_units('booked_minor', 'rate_numerator', 'rate_denominator') }}
            as contract_rate_minor,
        {{ converted_minor_units('handed_minor', 'rate_numerator', 'rate_denominator') }}
            as handed_minor,
        {{ converted_minor_units('population_minor', 'rate_numerator', 'rate_denominator') }}
            as population_minor,
        {{ converted_minor_units('versions_minor', 'rate_numerator', 'rate_denominator') }}
            as versions_minor,
        {{ converted_minor_units('quantity_minor', 'rate_numerator', 'rate_denominator') }}
            as quantity_minor,
        {{ converted_minor_units('amount_minor', 'rate_numerator', 'rate_denominator') }}
            as amount_minor,
        {{ converted_minor_units('computable_minor', 'rate_numerator', 'rate_denominator') }}
            as computable_minor,
        {{ converted_minor_units('book_minor', 'rate_numerator', 'rate_denominator') }}
            as book_minor,
        {{ converted_minor_units('allocated_minor', 'rate_numerator', 'rate_denominator') }}
            as allocated_minor,
        {{ converted_minor_units('used_minor', 'rate_numerator', 'rate_denominator') }}
            as used_minor,
        {{ converted_minor_units('charged_by_erp_minor', 'rate_numerator', 'rate_denominator') }}
            as charged_by_erp_minor,
        {{ converted_minor_units('unlapsed_minor', 'rate_numerator', 'rate_denominator') }}
            as unlapsed_minor,
        {{ converted_minor_units('variable_minor', 'rate_numerator', 'rate_denominator') }}
            as variable_minor,
        {{ converted_minor_units('earned_minor', 'rate_numerator', 'rate_denominator') }}
            as earned_minor,
        {{ converted_minor_units('erp_earned_minor', 'rate_numerator', 'rate_denominator') }}
            as erp_earned_minor,
        {{ converted_minor_units('due_minor', 'rate_numerator', 'rate_denominator') }}
            as due_minor,
        {{ converted_minor_units('posted_minor', 'rate_numerator', 'rate_denominator') }}
            as posted_minor,
        due_rows,
        abs(due_minor - posted_minor) <= due_rows as is_posted_as_due,
        posted_rpt_minor as ledger_minor
    from chain_amounts

)

select * from converted
