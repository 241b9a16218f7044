-- Grain: one row per ARR line x accounting period x movement. The movement is what the customer's
-- ARR did, the amount what the line adds to it.
with

changes as (

    select * from {{ ref('int_bookings_arr_changes') }}

),

labels as (

    select * from {{ ref('int_bookings_arr_labels') }}

),

takeovers as (

    select * from {{ ref('int_bookings_takeovers') }}

),

caused as (

    select
        changes.*,
        labels.movement,
        takeovers.takeover_contract_id,
        case
            when changes.renewed_minor != 0 then 'renewed'
            when changes.begin_minor = 0 then 'started'
            when changes.end_minor = 0 and changes.has_ended then takeovers.ending
            when changes.end_minor = 0 then 'cancelled'
            when not changes.is_recurring then 'used'
            when changes.is_ramp then 'ramp_step'
            else 'amended'
        end as cause
    from changes
    inner join labels
        on
        changes.arr_customer_id = labels.arr_customer_id
        and changes.period_no = labels.period_no
    inner join takeovers
        on changes.arr_line_id = takeovers.arr_line_id

),

-- Both movements of a line, the renewal first: where each begins is where its rate is applied.
split as (

    select
        arr_line_id,
        period_no,
        'renewal' as movement,
        cause,
        takeover_contract_id,
        begin_minor as before_minor,
        renewed_minor as amount_minor,
        0 as seat_minor,
        0 as price_minor,
        0 as mix_minor
    from caused
    where renewed_minor != 0

    union all

    select
        arr_line_id,
        period_no,
        movement,
        cause,
        takeover_contract_id,
        begin_minor + renewed_minor as before_minor,
        rest_minor as amount_minor,
        case when movement in ('expansion', 'contraction') then seat_minor else 0 end as seat_minor,
        case when movement in ('expansion', 'contraction') then price_minor else 0 end
            as price_minor,
        case when movement in ('expansion', 'contraction') then mix_minor else 0 end as mix_minor
    from caused
    where
        rest_minor != 0
        or (seat_minor != 0 and movement in ('expansion', 'contraction'))

)

select * from split
