-- Grain: one row per contract line x span of accounting periods (int_chain_spans), from its first
-- fact to the reporting period. Booked, recognized and their difference by class: cumulative, and
-- movement of the first period of the span.
with

chain_lines as (

    select * exclude (unposted_txn_minor, unposted_rpt_minor) from {{ ref('int_chain_lines') }}

),

class_totals as (

    select * from {{ ref('int_chain_class_totals') }}

),

moved as (

    select
        *,
        booked_txn_minor - coalesce(lag(booked_txn_minor) over by_period, 0)
            as booked_movement_txn_minor,
        recognized_txn_minor - coalesce(lag(recognized_txn_minor) over by_period, 0)
            as recognized_movement_txn_minor,
        booked_rpt_minor - coalesce(lag(booked_rpt_minor) over by_period, 0)
            as booked_movement_rpt_minor,
        recognized_rpt_minor - coalesce(lag(recognized_rpt_minor) over by_period, 0)
            as recognized_movement_rpt_minor
    from chain_lines
    window by_period as (partition by contract_line_id order by period_no)

),

explained as (

    select
        moved.*,
        coalesce(class_totals.explained_txn_minor, 0) as explained_txn_minor,
        coalesce(class_totals.break_txn_minor, 0) as break_txn_minor,
        coalesce(class_totals.unexplained_txn_minor, 0) as unexplained_txn_minor,
        coalesce(class_totals.explained_rpt_minor, 0) as explained_rpt_minor,
        coalesce(class_totals.break_rpt_minor, 0) as break_rpt_minor,
        coalesce(class_totals.unexplained_rpt_minor, 0) as unexplained_rpt_minor,
        case
            when moved.has_unexplained then 'unexplained'
            when moved.has_break or coalesce(class_totals.has_break, false) then 'break'
            when moved.booked_rpt_minor != moved.recognized_rpt_minor then 'explained'
            when moved.booked_txn_minor != moved.recognized_txn_minor then 'explained'
            else 'tied'
        end as tie_out_status
    from moved
    left join class_totals
        on
        moved.contract_line_id = class_totals.contract_line_id
        and moved.period_no = class_totals.period_no

),

compared as (

    select
        *,
        booked_txn_minor - recognized_txn_minor as difference_txn_minor,
        booked_rpt_minor - recognized_rpt_minor as difference_rpt_minor,
        booked_movement_txn_minor - recognized_movement_txn_minor
            as difference_movement_txn_minor,
        booked_movement_rpt_minor - recognized_movement_rpt_minor
            as difference_movement_rpt_minor
    from explained

)

select * from compared
