-- Grain: one row per product family or charge type that has a way of recognition.
with

final as (

    select
        source_value as product_group,
        recognition_pattern,
        proration,
        price_proration,
        allocation,
        owner,
        rationale
    from {{ ref('recognition_policies') }}
    where witness = 'crm'

)

select * from final
