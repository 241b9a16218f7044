-- Grain: one row per contract line version x span of accounting periods (int_chain_grid).
-- The steps of int_chain_amounts in the reporting currency: booked and in scope at the CRM's own
-- rate, all the others at the ERP's (macro chain_steps), posted as the ledger holds it.
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
        last_period_no,
        {% for fact in chain_facts() -%}
            {{ fact }},
        {% endfor -%}
        {% for step in chain_steps() -%}
            {% set amount = step.step ~ '_minor' -%}
            {% set prefix = 'contract_' if step.rate == 'contract' else '' -%}
            {{ converted_minor_units(
                amount, prefix ~ 'rate_numerator', prefix ~ 'rate_denominator'
            )
            if step.rate != 'crm'
            else 'case when ' ~ amount ~ ' = 0 then 0 else crm_rpt_minor end' }}
                as {{ amount }},
        {% endfor -%}
        {{ converted_minor_units('posted_minor', 'rate_numerator', 'rate_denominator') }}
            as posted_minor,
        due_rows,
        abs(due_minor - posted_minor) <= due_rows as is_posted_as_due,
        posted_rpt_minor as ledger_minor,
        manual_rpt_minor as manual_minor
    from chain_amounts

)

select * from converted
