-- Grain: one row per step of the bridge from ARR to revenue.
with

final as (

    select
        bridge_reason,
        bridge_step_no,
        reason_class,
        reason_class = 'endpoint' as is_endpoint,
        owner,
        meaning,
        what_to_do
    from {{ ref('arr_revenue_reasons') }}

)

select * from final
