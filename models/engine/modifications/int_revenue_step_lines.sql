-- Grain: one row per step x line of its contract: all that the step does to the line, and what the
-- line had delivered before it, that can be known without knowing the line's state.
with

steps as (

    select * from {{ ref('int_revenue_step_terms') }}

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

ssps as (

    select * from {{ ref('int_revenue_line_ssps') }}

),

line_changes as (

    select * from {{ ref('int_revenue_line_changes') }}

),

event_splits as (

    select * from {{ ref('int_revenue_event_splits') }}

),

retrospective_runs as (

    select * from {{ ref('int_revenue_allocated') }}
    where run_no > 0

),

measures as (

    select * from {{ ref('int_revenue_measures') }}

),

final as (

    select
        steps.contract_key,
        steps.step_no,
        steps.timeline_no,
        steps.occurred_on,
        steps.step_kind,
        steps.modification_id,
        steps.credit_note_policy,
        steps.allocation_residual,
        line_terms.line_key,
        line_terms.line_no,
        line_terms.pattern,
        line_terms.proration,
        line_terms.day_boundary,
        line_terms.schedule_residual,
        line_terms.starts_on as line_starts_on,
        line_terms.price_minor,
        line_terms.ssp_method,
        line_terms.breakage,
        line_terms.is_distinct
        and not line_terms.is_unenforceable
        and line_terms.pattern in ('ratable', 'point_in_time', 'progress', 'drawdown')
            as can_be_pooled,
        line_terms.currency_decimals,
        case
            when steps.treatment = 'mixed' and line_changes.is_undivided
                then 'cumulative_catch_up'
            when steps.treatment = 'mixed' then 'prospective'
            else steps.treatment
        end as treatment,
        coalesce(line_changes.is_added or line_terms.line_key = steps.option_to_line_key, false)
            as is_added,
        line_changes.line_key is not null as is_touched,
        coalesce(line_changes.is_changed, false) as is_changed,
        case
            when line_terms.line_key = steps.option_to_line_key
                then coalesce(steps.option_amount_minor, line_terms.price_minor)
            else coalesce(line_changes.signed_minor, 0)
        end as signed_minor,
        coalesce(line_terms.line_key = steps.option_line_key, false) as is_exercised,
        coalesce(line_changes.is_ended, false) as is_ended,
        line_changes.moved_ends_on,
        line_changes.given_weight,
        ssps.ssp_weight,
        line_changes.quantity_delta,
        line_changes.whole_quantity,
        measures.quantity_before,
        measures.delivered_before,
        measures.progressed_before,
        measures.used_before,
        measures.expected_before,
        measures.is_expired_before,
        measures.done_before,
        steps.is_pooled,
        steps.first_position,
        coalesce(event_splits.share_minor, 0) as event_minor,
        retrospective_runs.allocated_minor as retrospective_minor,
        steps.through_on,
        steps.period_no,
        steps.period_days,
        steps.period_starts_on,
        steps.period_ends_on
    from steps
    inner join line_terms
        on steps.contract_key = line_terms.contract_key
    inner join ssps
        on line_terms.line_key = ssps.line_key
    left join line_changes
        on
        line_terms.line_key = line_changes.line_key
        and steps.step_no = line_changes.step_no
    left join event_splits
        on
        line_terms.line_key = event_splits.line_key
        and steps.step_no = event_splits.step_no
    left join retrospective_runs
        on
        line_terms.line_key = retrospective_runs.line_key
        and steps.step_no = retrospective_runs.run_no
    left join measures
        on
        line_terms.line_key = measures.line_key
        and steps.timeline_no = measures.timeline_no

)

select * from final
