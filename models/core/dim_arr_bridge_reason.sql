-- Grain: one row per step of the ARR bridge.
with

final as (

    select
        bridge_reason,
        bridge_step_no,
        reason_class,
        reason_class = 'endpoint' as is_endpoint,
        owner,
        zero_sum_scope,
        meaning,
        what_to_do
    from {{ ref('arr_bridge_reasons') }}

)

select * from final
