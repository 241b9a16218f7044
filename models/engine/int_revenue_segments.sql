-- Grain: one row per view x contract line version: one segment, whose amount through any day is a
-- closed formula (macro cumulative_amount): amount_minor over starts_on..ends_on, up to stops_on.
-- A cancellation ends what it cancels: versions still running stop the day before with what they
-- earned, and what the cancellation did not credit is earned on its day. No service is left to
-- spread it over (ASC 606-10-25-13(a) with nothing remaining).
with

lines as (

    select
        view_name,
        contract_line_id,
        contract_line_version_id,
        change_kind,
        amount_minor,
        starts_on,
        -- Point in time: all of it on the day control passes (606-10-25-30).
        case recognition_pattern when 'point_in_time' then starts_on else ends_on end as ends_on
    from {{ ref('int_revenue_views') }}

),

cancellations as (

    select
        view_name,
        contract_line_id,
        min(starts_on) as cancelled_on
    from lines
    where change_kind = 'cancellation'
    group by view_name, contract_line_id

),

earned_by_cancellation as (

    select
        lines.*,
        cancellations.cancelled_on,
        {{ cumulative_amount(
            'lines.amount_minor',
            'lines.starts_on',
            'lines.ends_on',
            add_days('cancellations.cancelled_on', '-1')
        ) }} as earned_minor
    from lines
    left join cancellations
        on
        lines.view_name = cancellations.view_name
        and lines.contract_line_id = cancellations.contract_line_id

),

remainders as (

    select
        view_name,
        contract_line_id,
        cast(sum(amount_minor - earned_minor) as bigint) as remaining_minor
    from earned_by_cancellation
    where cancelled_on is not null
    group by view_name, contract_line_id

),

segments as (

    select
        earned.view_name,
        earned.contract_line_id,
        earned.contract_line_version_id,
        coalesce(remainders.remaining_minor, earned.amount_minor) as amount_minor,
        earned.starts_on,
        case when remainders.remaining_minor is null then earned.ends_on else earned.starts_on end
            as ends_on,
        -- Last day that earns; before starts_on where a version never began.
        case
            when remainders.remaining_minor is not null then earned.starts_on
            else least(
                    earned.ends_on,
                    coalesce({{ add_days('earned.cancelled_on', '-1') }}, earned.ends_on)
                )
        end as stops_on
    from earned_by_cancellation as earned
    left join remainders
        on
        earned.view_name = remainders.view_name
        and earned.contract_line_id = remainders.contract_line_id
        and earned.change_kind = 'cancellation'
        and earned.starts_on = earned.cancelled_on

)

select * from segments
