-- Grain: one row per contract line version whose price varies x accounting period of the grid.
-- What minimums, estimates and credit memos have added by its end, by the contract's terms and the
-- ERP's.
with

movements as (

    select * from {{ ref('int_chain_variable_movements') }}

),

grid as (

    select
        contract_line_version_id,
        period_no,
        min(period_no) over (partition by contract_line_version_id) as first_period_no
    from {{ ref('int_chain_grid') }}

),

final as (

    -- What moved before the first period of the grid counts in it.
    select
        grid.contract_line_version_id,
        grid.period_no,
        cast(coalesce(sum(movements.minimum_minor) filter (
            where movements.view_name = 'contract'
        ), 0) as bigint) as minimum_minor,
        cast(coalesce(sum(movements.minimum_minor) filter (
            where movements.view_name = 'synced'
        ), 0) as bigint) as erp_minimum_minor,
        cast(coalesce(sum(movements.estimated_minor) filter (
            where movements.view_name = 'contract'
        ), 0) as bigint) as estimated_minor,
        cast(coalesce(sum(movements.estimated_minor) filter (
            where movements.view_name = 'synced'
        ), 0) as bigint) as erp_estimated_minor,
        cast(coalesce(sum(movements.credited_minor) filter (
            where movements.view_name = 'synced'
        ), 0) as bigint) as credited_minor
    from grid
    inner join movements
        on
        grid.contract_line_version_id = movements.contract_line_version_id
        and greatest(movements.period_no, grid.first_period_no) <= grid.period_no
    group by grid.contract_line_version_id, grid.period_no

)

select * from final
