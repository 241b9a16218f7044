-- Grain: one row per line the engine earns: a view of a contract line version. Versions after the
-- first join with an event of their own. A cancellation is a line of one day at its credit: it
-- takes what the versions it ends had not earned, and no service is left to spread that over
-- (606-10-25-13(a)).
with

views as (

    select
        *,
        case when cancelled_on is not null then 'ratable' else recognition_pattern end as pattern,
        -- The policy of a proration has its name.
        case
            when cancelled_on is not null then 'daily'
            when recognition_pattern = 'ratable' then proration
        end as proration_policy_id
    from {{ ref('int_revenue_views') }}

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

final as (

    select
        views.contract_key,
        views.line_key,
        views.line_no,
        case
            when views.cancelled_on is null and views.view_name not in ('erp', 'ruled')
                then coalesce(views.assigned_policy_id, views.proration_policy_id)
            else coalesce(views.proration_policy_id, views.assigned_policy_id)
        end as policy_id,
        cast(null as varchar) as product,
        case when views.is_added then views.line_key end as modification_id,
        -- Units paid for up front; a line that books nothing is charged by use alone.
        case
            when views.recognition_pattern in ('usage', 'drawdown') and views.amount_minor != 0
                then cast(views.quantity as decimal(28, 10))
        end as quantity,
        cast(views.amount_minor * currencies.minor_unit_value as decimal(28, 10)) as price,
        views.usage_price as unit_price,
        cast(null as varchar) as price_period,
        cast(null as decimal(28, 10)) as list_price,
        -- Sold at its own price: an addition stands beside the rest (606-10-25-12).
        case
            when views.is_allocated then views.selling_price
            else cast(views.amount_minor * currencies.minor_unit_value as decimal(28, 10))
        end as ssp,
        case
            when views.is_allocated and views.selling_price_percent is not null
                then 'percent_of_group'
            else 'given'
        end as ssp_method,
        case when views.is_allocated then views.selling_price_percent end as ssp_percent,
        case when views.is_allocated then views.selling_price_group end as ssp_group,
        cast(null as decimal(28, 10)) as ssp_low,
        cast(null as decimal(28, 10)) as ssp_high,
        cast(null as decimal(28, 10)) as option_purchase,
        cast(null as decimal(28, 10)) as option_discount,
        cast(null as decimal(28, 10)) as general_discount,
        cast(null as decimal(28, 10)) as likelihood,
        views.pattern,
        -- A commitment is earned over its dates where the policy says stand-ready.
        case
            when views.pattern in ('ratable', 'usage')
                then coalesce(views.cancelled_on, views.starts_on)
        end as starts_on,
        case
            when views.pattern in ('ratable', 'usage')
                then coalesce(views.cancelled_on, views.ends_on)
        end as ends_on,
        true as is_distinct,
        true as is_series,
        case when views.is_allocated or views.is_leveled then views.ramp_group end as ramp_group,
        'none' as tier_mode
    from views
    inner join currencies
        on views.currency_code = currencies.currency_code

)

select * from final
