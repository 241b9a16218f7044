-- Grain: one row per step that moves the price x contract line it goes to, with the line's share:
-- all of it where the event names a line, else split by the weights of the original allocation
-- (606-10- 32-43: the same basis as at inception). A royalty follows the rule of its contract.
with

steps as (

    select * from {{ ref('int_revenue_steps') }}
    where step_kind in ('estimate', 'credit_note', 'price_concession', 'royalty')

),

timeline as (

    select * from {{ ref('int_revenue_timeline') }}

),

estimates as (

    select * from {{ ref('int_revenue_estimates') }}

),

royalty_rules as (

    select * from {{ ref('int_revenue_royalty_rules') }}

),

allocated as (

    select * from {{ ref('int_revenue_allocated') }}

),

moves as (

    -- A credit note lowers the price by its amount.
    select
        steps.contract_key,
        steps.step_no,
        steps.timeline_no,
        steps.step_kind,
        case
            when steps.step_kind = 'royalty' and not royalty_rules.is_targeted then null
            else timeline.line_key
        end as line_key,
        case steps.step_kind
            when 'estimate' then estimates.moved_minor
            when 'credit_note' then -timeline.amount_minor
            else timeline.amount_minor
        end as moved_minor,
        estimates.first_position
    from steps
    inner join timeline
        on
        steps.contract_key = timeline.contract_key
        and steps.timeline_no = timeline.timeline_no
    left join estimates
        on
        steps.contract_key = estimates.contract_key
        and steps.timeline_no = estimates.timeline_no
    left join royalty_rules
        on steps.contract_key = royalty_rules.contract_key

),

original_runs as (

    -- The original allocation is that at inception, or the last one combined with it.
    select
        moves.contract_key,
        moves.step_no,
        max(allocated.run_no) as run_no
    from moves
    inner join allocated
        on
        moves.contract_key = allocated.contract_key
        and moves.step_no > allocated.run_no
    where moves.line_key is null
    group by moves.contract_key, moves.step_no

),

pooled as (

    select
        moves.contract_key,
        moves.step_no,
        moves.first_position,
        moves.moved_minor,
        allocated.line_key,
        allocated.line_no,
        allocated.allocation_residual,
        moves.moved_minor as split_minor,
        allocated.original_weight as split_weight
    from moves
    inner join original_runs
        on
        moves.contract_key = original_runs.contract_key
        and moves.step_no = original_runs.step_no
    inner join allocated
        on
        original_runs.contract_key = allocated.contract_key
        and original_runs.run_no = allocated.run_no
    where moves.line_key is null

),

shared as (

    {{ split_by_weights('pooled', ['contract_key', 'step_no']) }}

)

select
    contract_key,
    step_no,
    line_key,
    true as is_pooled,
    first_position,
    moved_minor,
    share_minor
from shared

union all

select
    contract_key,
    step_no,
    line_key,
    false as is_pooled,
    first_position,
    moved_minor,
    moved_minor as share_minor
from moves
where line_key is not null
