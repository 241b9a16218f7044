-- Grain: one row per rule of the revenue engine.
with

final as (

    select
        rule_code,
        rule_kind,
        meaning,
        'ASC ' || asc_606 as asc_606_paragraph,
        'IFRS 15.' || ifrs_15 as ifrs_15_paragraph
    from {{ ref('revenue_rules') }}

)

select * from final
