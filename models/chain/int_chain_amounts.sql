-- Grain: one row per contract line version x span of accounting periods (int_chain_grid).
-- The steps of the chain, cumulative to the period end, contract currency, minor units. Each step
-- is computed on its own; a reason is the difference of two neighbors. Of a held contract nothing
-- after the ERP's amount can be computed: all of that is one step.
with

priced_amounts as (

    select * from {{ ref('int_chain_priced_amounts') }}

),

charged as (

    -- Charges for use have elements of their own, whatever the ERP's rule for the rest.
    select
        * replace (
            erp_earned_minor
            + case when is_charged_apart then erp_charged_minor + erp_minimum_minor else 0 end
                as erp_earned_minor,
            ruled_minor
            + case when is_charged_apart then erp_charged_minor + erp_minimum_minor else 0 end
                as ruled_minor
        )
    from priced_amounts

),

stepped as (

    -- V8 and V9, where a reading that would change nothing was not made: by the contract's terms,
    -- then at the ERP's dates, by its rule, and by its ramp.
    select
        * exclude (earned_minor, dated_minor, ruled_minor, erp_earned_minor),
        case when is_erp_known then earned_minor else 0 end as earned_minor,
        case
            when not is_erp_known then 0
            when not has_other_dates then earned_minor
            when has_other_rule or has_other_ramp then dated_minor
            else erp_earned_minor
        end as dated_minor,
        case
            when not is_erp_known then 0
            when not has_other_ramp then erp_earned_minor
            when has_other_rule then ruled_minor
            when has_other_dates then dated_minor
            else earned_minor
        end as ruled_minor,
        case when is_erp_known then erp_earned_minor else 0 end as erp_earned_minor
    from charged

),

due as (

    -- V10: what of it waits, for a release, for the first open period, or for nothing.
    select
        *,
        case when has_other_pattern then dated_minor else ruled_minor end as spread_minor,
        erp_earned_minor - held_minor as unheld_minor,
        erp_earned_minor - held_minor - catch_up_minor as open_minor,
        erp_earned_minor - held_minor - catch_up_minor - lag_minor as due_minor
    from stepped

),

final as (

    select
        contract_line_version_id,
        contract_line_id,
        change_kind,
        period_no,
        last_period_no,
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
        posted_rpt_minor,
        manual_minor,
        manual_rpt_minor
    from due

)

select * from final
