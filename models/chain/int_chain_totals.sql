-- Grain: one row per contract line x accounting period, from its first fact to the reporting
-- period. Booked, recognized and their difference by class: cumulative, and movement of the period.
with

chain_lines as (

    select * from {{ ref('int_chain_lines') }}

),

class_totals as (

    select * from {{ ref('int_chain_class_totals') }}

),

both_scopes as (

    select
        contract_line_id,
        period_no,
        bool_or(has_break) as has_break,
        bool_or(has_unexplained) as has_unexplained,
        max(booked_minor) filter (where currency_scope = 'txn') as booked_txn_minor,
        max(recognized_minor) filter (where currency_scope = 'txn') as recognized_txn_minor,
        max(booked_minor) filter (where currency_scope = 'rpt') as booked_rpt_minor,
        max(recognized_minor) filter (where currency_scope = 'rpt') as recognized_rpt_minor
    from chain_lines
    group by contract_line_id, period_no

),

explained as (

    select
        both_scopes.*,
        coalesce(class_totals.explained_txn_minor, 0) as explained_txn_minor,
        coalesce(class_totals.break_txn_minor, 0) as break_txn_minor,
        coalesce(class_totals.unexplained_txn_minor, 0) as unexplained_txn_minor,
        coalesce(class_totals.explained_rpt_minor, 0) as explained_rpt_minor,
        coalesce(class_totals.break_rpt_minor, 0) as break_rpt_minor,
        coalesce(class_totals.unexplained_rpt_minor, 0) as unexplained_rpt_minor,
        case
            when both_scopes.has_unexplained then 'unexplained'
            when both_scopes.has_break or coalesce(class_totals.has_break, false) then 'break'
            when both_scopes.booked_rpt_minor != both_scopes.recognized_rpt_minor then 'explained'
            when both_scopes.booked_txn_minor != both_scopes.recognized_txn_minor then 'explained'
            else 'tied'
        end as tie_out_status
    from both_scopes
    left join class_totals
        on
        both_scopes.contract_line_id = class_totals.contract_line_id
        and both_scopes.period_no = class_totals.period_no

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
    from explained
    window by_period as (partition by contract_line_id order by period_no)

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
    from moved

)

select * from compared
