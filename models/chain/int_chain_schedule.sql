-- Grain: one row per view x contract line version x accounting period in which its terms earn revenue.
with

postings as (

    select * from {{ ref('int_revenue_postings') }}

),

views as (

    select * from {{ ref('int_revenue_views') }}

),

final as (

    select
        views.view_name,
        views.contract_line_id,
        views.contract_line_version_id,
        postings.period_no,
        cast(sum(postings.amount_minor) as bigint) as earned_minor
    from postings
    inner join views
        on postings.line_key = views.line_key
    group by
        views.view_name,
        views.contract_line_id,
        views.contract_line_version_id,
        postings.period_no

)

select * from final
