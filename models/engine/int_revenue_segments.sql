-- Grain: one row per view x contract line version: one segment, whose amount through any day is a
-- closed formula (macro cumulative_amount): amount_minor over starts_on..ends_on, up to stops_on.
-- A cancellation ends what it cancels: earlier versions stop the day before with what they earned,
-- and what it did not credit is earned on its day. No service is left to spread it over
-- (ASC 606-10-25-13(a) with nothing remaining).
with

lines as (

    select
        view_name,
        contract_line_id,
        contract_line_version_id,
        version_no,
        change_kind,
        amount_minor,
        starts_on,
        -- Point in time: all of it on the day control passes (606-10-25-30).
        case recognition_pattern when 'point_in_time' then starts_on else ends_on end as ends_on
    from {{ ref('int_revenue_views') }}

),

cancellations as (

    -- The first one ends the line; what is agreed after it stands on its own.
    select
        view_name,
        contract_line_id,
        version_no as cancelling_version_no,
        starts_on as cancelled_on
    from lines
    where change_kind = 'cancellation'
    qualify row_number() over (
            partition by view_name, contract_line_id
            order by starts_on, version_no
        ) = 1

),

ended as (

    select
        lines.*,
        cancellations.cancelled_on,
        coalesce(lines.version_no = cancellations.cancelling_version_no, false)
            as is_cancelling,
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
        and lines.version_no <= cancellations.cancelling_version_no

),

remainders as (

    -- What was agreed up to the cancellation and not earned by the day before it.
    select
        view_name,
        contract_line_id,
        cast(sum(amount_minor - earned_minor) as bigint) as remaining_minor
    from ended
    where cancelled_on is not null
    group by view_name, contract_line_id

),

segments as (

    select
        ended.view_name,
        ended.contract_line_id,
        ended.contract_line_version_id,
        coalesce(remainders.remaining_minor, ended.amount_minor) as amount_minor,
        ended.starts_on,
        case when ended.is_cancelling then ended.starts_on else ended.ends_on end as ends_on,
        -- Last day that earns; before starts_on where a version never began.
        case
            when ended.is_cancelling then ended.starts_on
            else least(
                    ended.ends_on,
                    coalesce({{ add_days('ended.cancelled_on', '-1') }}, ended.ends_on)
                )
        end as stops_on
    from ended
    left join remainders
        on
        ended.view_name = remainders.view_name
        and ended.contract_line_id = remainders.contract_line_id
        and ended.is_cancelling

)

select * from segments
