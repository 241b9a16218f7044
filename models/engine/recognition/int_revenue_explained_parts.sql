-- Grain: one row per contract x line (null: posted to the contract) x accounting period x segment,
-- event or adjustment that earns in it, with the step of the contract it stands on and its rule.
with

time_postings as (

    select * from {{ ref('int_revenue_time_postings') }}

),

segments as (

    select
        segments.*,
        line_terms.pattern
    from {{ ref('int_revenue_segments') }} as segments
    inner join {{ ref('int_revenue_line_terms') }} as line_terms
        on segments.line_key = line_terms.line_key

),

event_reasons as (

    select * from {{ ref('int_revenue_event_reasons') }}

),

event_postings as (

    select * from {{ ref('int_revenue_event_postings') }}

),

adjustments as (

    select * from {{ ref('int_revenue_adjustments') }}

),

calendar as (

    select * from {{ ref('int_revenue_calendar') }}

),

parts as (

    select
        time_postings.contract_key,
        time_postings.line_key,
        time_postings.period_no,
        time_postings.step_no,
        case segments.pattern
            when 'usage' then 'minimum_stand_ready' else 'ratable_' || segments.proration
        end as recognition_rule_code,
        cast(null as varchar) as charge_rule_code,
        segments.amount_minor as over_minor,
        segments.starts_on,
        segments.ends_on,
        false as is_drawn,
        time_postings.amount_minor
    from time_postings
    inner join segments
        on
        time_postings.line_key = segments.line_key
        and time_postings.step_no = segments.step_no

    union all

    select
        event_reasons.contract_key,
        event_reasons.line_key,
        calendar.period_no,
        event_reasons.state_step_no as step_no,
        event_reasons.recognition_rule_code,
        case when event_reasons.is_charge then 'charged_for_use' end as charge_rule_code,
        null as over_minor,
        event_reasons.occurred_on as starts_on,
        event_reasons.occurred_on as ends_on,
        not event_reasons.is_charge
        and event_reasons.recognition_rule_code != 'on_the_day' as is_drawn,
        event_reasons.amount_minor
    from event_reasons
    left join calendar
        on event_reasons.occurred_on = calendar.calendar_day

    union all

    select
        adjustments.contract_key,
        adjustments.line_key,
        calendar.period_no,
        adjustments.step_no,
        'on_the_day' as recognition_rule_code,
        null as charge_rule_code,
        null as over_minor,
        adjustments.occurred_on as starts_on,
        adjustments.occurred_on as ends_on,
        false as is_drawn,
        adjustments.amount_minor
    from adjustments
    left join calendar
        on adjustments.occurred_on = calendar.calendar_day

    union all

    select
        event_postings.contract_key,
        event_postings.line_key,
        calendar.period_no,
        0 as step_no,
        case event_postings.posting_kind
            when 'minimum' then 'minimum_true_up' else event_postings.posting_kind
        end as recognition_rule_code,
        case event_postings.posting_kind when 'minimum' then 'minimum_commitment' end
            as charge_rule_code,
        null as over_minor,
        event_postings.service_on as starts_on,
        event_postings.service_on as ends_on,
        false as is_drawn,
        event_postings.amount_minor
    from event_postings
    left join calendar
        on event_postings.service_on = calendar.calendar_day
    where event_postings.posting_kind not in ('event', 'adjustment')

)

select * from parts
