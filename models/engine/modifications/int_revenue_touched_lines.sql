-- Grain: one row per amendment or termination event x contract line it touches, with the terms the
-- line was sold at. A termination without a line touches all that have joined before it, and its
-- amount counts once.
with

timeline as (

    select *
    from {{ ref('int_revenue_timeline') }}
    where is_amendment

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

joining as (

    select * from {{ ref('int_revenue_joins') }}

),

final as (

    select
        timeline.contract_key,
        timeline.timeline_no,
        timeline.step_no,
        timeline.event_type,
        timeline.occurred_on,
        timeline.modification_id,
        timeline.ssp,
        timeline.starts_on,
        timeline.ends_on,
        timeline.currency_decimals,
        case
            when
                timeline.line_key is not null
                or timeline.amount_minor is null
                or row_number() over (
                    partition by timeline.contract_key, timeline.timeline_no
                    order by line_terms.line_no
                ) = 1
                then timeline.amount_minor
            else 0
        end as amount_minor,
        line_terms.line_key,
        line_terms.line_no,
        line_terms.pattern,
        line_terms.quantity as sold_quantity,
        line_terms.price_minor,
        line_terms.price_period,
        line_terms.pricing_term,
        line_terms.anchor_day,
        line_terms.proration,
        line_terms.day_boundary,
        line_terms.starts_on as line_starts_on,
        line_terms.ends_on as line_ends_on,
        timeline.quantity as quantity_delta,
        timeline.unit_price
    from timeline
    inner join line_terms
        on
        timeline.contract_key = line_terms.contract_key
        and (
            timeline.line_key = line_terms.line_key
            or (timeline.line_key is null and timeline.event_type = 'termination')
        )
    left join joining
        on line_terms.line_key = joining.line_key
    where
        timeline.line_key is not null
        or line_terms.modification_id is null
        or joining.joined_step_no < timeline.step_no

)

select * from final
