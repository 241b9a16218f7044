-- Grain: one row per usage event, with the quantity used before and after it in the window its
-- tiers look at: the calendar month or the whole term.
with

timeline as (

    select *
    from {{ ref('int_revenue_timeline') }}
    where event_type = 'usage'

),

line_terms as (

    select *
    from {{ ref('int_revenue_line_terms') }}
    where pattern = 'usage'

),

windowed as (

    select
        timeline.contract_key,
        timeline.line_key,
        timeline.timeline_no,
        timeline.occurred_on,
        timeline.amount_minor,
        timeline.quantity,
        line_terms.unit_price,
        line_terms.tier_mode,
        line_terms.tiered_usage,
        line_terms.price_minor,
        line_terms.currency_decimals,
        measures.quantity_before as committed_quantity,
        cast(
            sum(coalesce(timeline.quantity, 0)) over (
                partition by timeline.line_key order by timeline.timeline_no
            ) as decimal(28, 10)
        ) as term_after,
        cast(
            sum(coalesce(timeline.quantity, 0)) over (
                partition by
                    timeline.line_key,
                    case line_terms.tier_reset
                        when 'month' then {{ month_number('timeline.occurred_on') }}
                    end
                order by timeline.timeline_no
            ) as decimal(28, 10)
        ) as window_after
    from timeline
    inner join line_terms
        on timeline.line_key = line_terms.line_key
    inner join {{ ref('int_revenue_measures') }} as measures
        on
        timeline.line_key = measures.line_key
        and timeline.timeline_no = measures.timeline_no

),

final as (

    select
        *,
        cast(term_after - coalesce(quantity, 0) as decimal(28, 10)) as term_before,
        cast(window_after - coalesce(quantity, 0) as decimal(28, 10)) as window_before
    from windowed

)

select * from final
