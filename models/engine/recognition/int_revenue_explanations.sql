-- Grain: one row per contract x line (null: posted to the contract) x accounting period x step x
-- rule: a part of the revenue of the period, the term or the days it is earned over, and the step
-- that made its amount. The parts sum to int_revenue_postings.
with

parts as (

    select * from {{ ref('int_revenue_explained_parts') }}

),

amount_rules as (

    select * from {{ ref('int_revenue_amount_rules') }}

),

traced as (

    -- To the last step before it that made the amount what it is.
    select
        parts.contract_key,
        parts.line_key,
        parts.period_no,
        parts.recognition_rule_code,
        parts.over_minor,
        parts.starts_on,
        parts.ends_on,
        parts.amount_minor,
        amount_rules.step_no,
        amount_rules.modification_id,
        -- Of an agreed amount that events draw: the amount.
        case when parts.is_drawn then amount_rules.open_minor end as drawn_minor,
        coalesce(parts.charge_rule_code, amount_rules.amount_rule_code) as amount_rule_code
    from parts
    left join amount_rules
        on
        parts.line_key = amount_rules.line_key
        and parts.step_no >= amount_rules.step_no
        and parts.step_no < coalesce(amount_rules.next_step_no, parts.step_no + 1)

),

final as (

    select
        contract_key,
        line_key,
        period_no,
        step_no,
        modification_id,
        amount_rule_code,
        recognition_rule_code,
        max(coalesce(over_minor, drawn_minor)) as over_minor,
        min(starts_on) as starts_on,
        max(ends_on) as ends_on,
        cast(sum(amount_minor) as bigint) as amount_minor
    from traced
    group by
        contract_key,
        line_key,
        period_no,
        step_no,
        modification_id,
        amount_rule_code,
        recognition_rule_code

)

select * from final
