-- Grain: one row per reason code.
with

final as (

    select
        reason_code,
        reason_class,
        chain_step_no,
        chain_step,
        owner,
        zero_sum_scope,
        meaning,
        what_to_do,
        cause_kind,
        cause
    from {{ ref('reasons') }}

)

select * from final
