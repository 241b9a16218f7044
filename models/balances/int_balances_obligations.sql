-- Grain: one row per contract x period known in x period due in x period gone in, of what ERP
-- contract line versions are to earn. From the period it is known in until the one it is gone in
-- (posted, or taken back by a termination that is known by then; null: still open) it is part of
-- the remaining performance obligation. Charges for use never are (606-10-50-14B).
with

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

remainders as (

    select * from {{ ref('int_balances_remainders') }}

),

plan_rows as (

    select
        remainders.contract_id,
        coalesce(plan_rows.changed_no, remainders.known_no) as known_no,
        plan_rows.planned_period_no as due_no,
        plan_rows.posting_period_no as gone_no,
        plan_rows.amount_minor,
        plan_rows.amount_fn_minor
    from {{ ref('int_balances_plan_rows') }} as plan_rows
    inner join remainders
        on
        plan_rows.record_id = remainders.record_id
        and plan_rows.contract_line_version_id = remainders.contract_line_version_id
    where not plan_rows.is_charge or plan_rows.changed_no is not null

),

-- The lost part by the days it would have been served on.
taken_back as (

    select
        remainders.*,
        accounting_periods.period_no as due_no,
        {{ days_between('remainders.open_from', 'remainders.ends_on') }} + 1 as all_days,
        {{ days_between(
            'remainders.open_from', 'least(remainders.ends_on, accounting_periods.ends_on)'
        ) }} + 1 as days_through,
        {{ days_between(
            'remainders.open_from', 'greatest(remainders.open_from, accounting_periods.starts_on)'
        ) }} as days_before
    from remainders
    inner join accounting_periods
        on
        remainders.open_from <= accounting_periods.ends_on
        and remainders.ends_on >= accounting_periods.starts_on
    where remainders.is_taken_back and remainders.open_minor != 0

),

-- What no termination took back is due when service ends.
uncovered as (

    select
        contract_id,
        known_no,
        ends_on as due_on,
        open_minor,
        rate_numerator,
        rate_denominator
    from remainders
    where not is_taken_back and change_kind != 'cancellation'

    union all

    -- A termination whose plan rows are not what its line lost.
    select
        max(contract_id) as contract_id,
        max(stop_known_no) as known_no,
        max(stopped_on) as due_on,
        cast(sum(open_minor) as bigint) as open_minor,
        max_by(rate_numerator, known_no) as rate_numerator,
        max_by(rate_denominator, known_no) as rate_denominator
    from remainders
    where is_taken_back or change_kind = 'cancellation'
    group by contract_line_id

),

combined as (

    select * from plan_rows

    union all

    select
        contract_id,
        known_no,
        due_no,
        stop_known_no as gone_no,
        {{ rounded_quotient('open_minor * days_through', 'all_days') }}
        - {{ rounded_quotient('open_minor * days_before', 'all_days') }} as amount_minor,
        {{ converted_minor_units(
            rounded_quotient('open_minor * days_through', 'all_days'),
            'rate_numerator', 'rate_denominator'
        ) }}
        - {{ converted_minor_units(
            rounded_quotient('open_minor * days_before', 'all_days'),
            'rate_numerator', 'rate_denominator'
        ) }} as amount_fn_minor
    from taken_back

    union all

    select
        uncovered.contract_id,
        uncovered.known_no,
        accounting_periods.period_no as due_no,
        cast(null as integer) as gone_no,
        uncovered.open_minor as amount_minor,
        {{ converted_minor_units('uncovered.open_minor', 'rate_numerator', 'rate_denominator') }}
            as amount_fn_minor
    from uncovered
    inner join accounting_periods
        on
        uncovered.due_on >= accounting_periods.starts_on
        and uncovered.due_on <= accounting_periods.ends_on
    where uncovered.open_minor != 0

)

select
    contract_id,
    known_no,
    due_no,
    gone_no,
    cast(sum(amount_minor) as bigint) as amount_minor,
    cast(sum(amount_fn_minor) as bigint) as amount_fn_minor
from combined
group by contract_id, known_no, due_no, gone_no
