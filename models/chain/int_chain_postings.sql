-- Grain: one row per contract line version x accounting period with something planned or posted.
-- What began and ceased to wait in the period (int_chain_waits: held, due in a later period because
-- its own was closed, late), how many plan rows were due, and what the ledger took in,
-- by plan and by manual journal.
with

planned_revenue as (

    select * from {{ ref('int_erp_planned_revenue') }}

),

chain_versions as (

    select
        contract_line_version_id,
        erp_record_id
    from {{ ref('int_chain_versions') }}
    where erp_record_id is not null

),

planned as (

    select
        record_id,
        planned_period_no as period_no,
        1 as due_rows,
        0 as held_minor,
        0 as catch_up_minor,
        0 as lag_minor,
        0 as posted_minor,
        0 as posted_fn_minor
    from planned_revenue

),

waits as (

    select * from {{ ref('int_chain_waits') }}

),

waited as (

    -- What begins to wait is added in its first period and taken off when it ceases.
    select
        waits.record_id,
        case ends.sign when 1 then waits.from_period_no else waits.until_period_no end as period_no,
        0 as due_rows,
        case waits.reason_code when 'revenue_hold' then ends.sign * waits.amount_minor else 0 end
            as held_minor,
        case waits.reason_code
            when 'closed_period_catch_up' then ends.sign * waits.amount_minor else 0
        end as catch_up_minor,
        case waits.reason_code when 'posting_lag' then ends.sign * waits.amount_minor else 0 end
            as lag_minor,
        0 as posted_minor,
        0 as posted_fn_minor
    from waits
    cross join (values (1), (-1)) as ends (sign)
    where ends.sign = 1 or waits.until_period_no is not null

),

posted as (

    select
        record_id,
        posting_period_no as period_no,
        0 as due_rows,
        0 as held_minor,
        0 as catch_up_minor,
        0 as lag_minor,
        amount_minor as posted_minor,
        amount_fn_minor as posted_fn_minor
    from planned_revenue
    where posting_period_no is not null

),

movements as (

    select * from planned

    union all

    select * from waited

    union all

    select * from posted

),

mapped as (

    select
        chain_versions.contract_line_version_id,
        movements.*,
        0 as manual_minor,
        0 as manual_fn_minor
    from movements
    inner join chain_versions
        on movements.record_id = chain_versions.erp_record_id

),

with_manual_journals as (

    select * exclude (record_id) from mapped

    union all

    select
        contract_line_version_id,
        period_no,
        0 as due_rows,
        0 as held_minor,
        0 as catch_up_minor,
        0 as lag_minor,
        0 as posted_minor,
        0 as posted_fn_minor,
        amount_minor as manual_minor,
        amount_fn_minor as manual_fn_minor
    from {{ ref('int_chain_manual_journals') }}
    where contract_line_version_id is not null

),

summed as (

    select
        contract_line_version_id,
        period_no,
        cast(sum(due_rows) as bigint) as due_rows,
        cast(sum(held_minor) as bigint) as held_minor,
        cast(sum(catch_up_minor) as bigint) as catch_up_minor,
        cast(sum(lag_minor) as bigint) as lag_minor,
        cast(sum(posted_minor) as bigint) as posted_minor,
        cast(sum(posted_fn_minor) as bigint) as posted_fn_minor,
        cast(sum(manual_minor) as bigint) as manual_minor,
        cast(sum(manual_fn_minor) as bigint) as manual_fn_minor
    from with_manual_journals
    group by contract_line_version_id, period_no

)

select * from summed
