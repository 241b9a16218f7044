-- Grain: one row per view x contract line version (x ERP record) as the systems state it, held or
-- not, with the keys by which the engine knows it. A view is a reading of the contracts (see
-- int_revenue_readings). The ERP's views take what it allocated; the contract's is allocated by the
-- engine. A line's policies govern every view; the ERP spreads by its own rule. What is no revenue
-- has no view.
with

assigned as (

    select * from {{ ref('int_revenue_assigned_policies') }}

),

readings as (

    select * from {{ ref('int_revenue_readings') }}

),

governed as (

    -- The steps of a ramp that is earned evenly are accounted for together, as one line.
    select
        readings.*,
        readings.view_name = 'contract' and readings.is_sold_together as is_allocated,
        assigned.policy_id as assigned_policy_id,
        assigned.contract_policy_id,
        coalesce(
            readings.view_name = 'contract'
            and not readings.is_sold_together
            and readings.ramp_group is not null
            and assigned.ramp = 'straight_line',
            false
        ) as is_leveled
    from readings
    left join assigned
        on readings.contract_line_version_id = assigned.contract_line_version_id
    where readings.recognition_pattern is distinct from 'out_of_scope'

),

keyed as (

    -- A line sold at its own price is accounted for by itself, and so is what the ERP has twice.
    select
        *,
        view_name || '|' || case
            when is_allocated then contract_id
            when is_leveled then contract_id || '|' || ramp_group
            when view_name != 'contract' and duplicate_of_record_id is not null
                then contract_line_version_id
            else contract_line_id
        end as contract_key,
        view_name || '|' || contract_line_version_id
        || case when part_no > 1 then '|' || record_id else '' end as line_key
    from governed

),

placed as (

    select
        *,
        cast(
            row_number() over (
                partition by contract_key
                order by version_no, record_id, contract_line_version_id
            ) as integer
        ) as line_no,
        case
            when is_allocated or is_leveled then version_no > 1 or deal_kind = 'amendment'
            else dense_rank() over (partition by contract_key order by version_no) > 1
        end as is_added,
        case change_kind when 'cancellation' then {{ cancelled_on('starts_on', 'known_on') }} end
            as cancelled_on
    from keyed

),

bounded as (

    select
        *,
        coalesce(cancelled_on, starts_on) as begins_on,
        min(cancelled_on) over (
            partition by contract_key
            order by line_no
            rows between current row and unbounded following
        ) as ended_on,
        max(cancelled_on) over (
            partition by contract_key
            order by line_no
            rows between unbounded preceding and 1 preceding
        ) as begun_after_on
    from placed

),

final as (

    -- A version agreed before a cancellation is ended by it, though it had not begun; one agreed
    -- after it is not, though it had.
    select
        * exclude (begins_on, ended_on, begun_after_on),
        case
            when begun_after_on > begins_on then begun_after_on
            when ended_on < begins_on then ended_on
            else begins_on
        end as joins_on
    from bounded

)

select * from final
