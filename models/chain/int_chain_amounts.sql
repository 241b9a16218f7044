-- Grain: one row per contract line version x accounting period up to the reporting period.
-- The steps of the chain, cumulative to the period end, contract currency, minor units. Each step
-- is computed on its own; a reason is the difference of two neighbors. Of a held contract nothing
-- after the ERP's amount can be computed: all of that is one step.
with

priced_amounts as (

    select * from {{ ref('int_chain_priced_amounts') }}

),

stepped as (

    -- V8 to V10: what is earned of it, and what of that is due.
    select
        * exclude (earned_minor, erp_earned_minor),
        case when is_erp_known then earned_minor else 0 end as earned_minor,
        case when is_erp_known then erp_earned_minor else 0 end as erp_earned_minor,
        case when is_erp_known then erp_earned_minor else 0 end - unposted_minor as due_minor
    from priced_amounts

),

final as (

    select
        contract_line_version_id,
        contract_line_id,
        change_kind,
        period_no,
        rate_numerator,
        rate_denominator,
        contract_rate_numerator,
        contract_rate_denominator,
        crm_rpt_minor,
        {% for fact in chain_facts() -%}
            {{ fact }},
        {% endfor -%}
        {% for step in chain_steps() %}
            {% if step.is_computed -%}
                case when is_held then posted_minor else {{ step.step }}_minor end
                    as {{ step.step }}_minor,
            {%- else -%}
                {{ step.step }}_minor,
            {%- endif %}
        {% endfor %}
        due_rows,
        posted_minor,
        posted_rpt_minor
    from stepped

)

select * from final
