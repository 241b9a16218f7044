-- Grain: one row per contract line x position at which its revenue to date moves x part of it (what
-- was agreed, what is charged for use), with the rule that earns it and the state it stands on.
with

event_values as (

    select
        *,
        revenue_minor - variable_minor as agreed_minor
    from {{ ref('int_revenue_event_values') }}

),

measures as (

    select * from {{ ref('int_revenue_measures') }}

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

moved as (

    select
        event_values.contract_key,
        event_values.line_key,
        event_values.timeline_no,
        event_values.occurred_on,
        measures.state_step_no,
        measures.step_no is not null as is_step,
        measures.event_type,
        line_terms.pattern,
        line_terms.breakage,
        line_terms.tiered_usage,
        line_terms.tier_mode,
        line_terms.price_minor,
        event_values.agreed_minor
        - coalesce(lag(event_values.agreed_minor) over by_position, 0) as agreed_minor,
        event_values.variable_minor
        - coalesce(lag(event_values.variable_minor) over by_position, 0) as variable_minor
    from event_values
    inner join measures
        on
        event_values.line_key = measures.line_key
        and event_values.timeline_no = measures.timeline_no
    inner join line_terms
        on event_values.line_key = line_terms.line_key
    window by_position as (
        partition by event_values.line_key
        order by event_values.timeline_no
    )

),

final as (

    select
        contract_key,
        line_key,
        timeline_no,
        occurred_on,
        state_step_no,
        agreed_minor as amount_minor,
        false as is_charge,
        case
            when is_step then 'on_the_day'
            when pattern = 'option' then 'option_lapse'
            when pattern = 'usage' then 'minimum_drawdown'
            when pattern != 'drawdown' then pattern
            when event_type = 'expiry' then 'breakage_remote'
            when breakage = 'proportional' then 'breakage_proportional'
            else 'drawdown'
        end as recognition_rule_code
    from moved
    where agreed_minor != 0

    union all

    select
        contract_key,
        line_key,
        timeline_no,
        occurred_on,
        state_step_no,
        variable_minor as amount_minor,
        true as is_charge,
        case
            when price_minor > 0 then 'overage'
            when tiered_usage = 'estimated' and tier_mode != 'none' then 'estimated_tiers'
            else 'right_to_invoice'
        end as recognition_rule_code
    from moved
    where variable_minor != 0

)

select * from final
