-- Grain: one row per amendment or termination event x contract line it touches, with its signed
-- change of price: as given, or derived from the stated value of what it reprices or ends.
with

amendment_rows as (

    select * from {{ ref('int_revenue_amendment_rows') }}

),

stated_values as (

    select * from {{ ref('int_revenue_stated_values') }}

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

candidates as (

    -- Every pricing of each day of the window that was in force before the row.
    select
        amendment_rows.line_key,
        amendment_rows.timeline_no,
        stated_values.calendar_day,
        stated_values.timeline_no as pricing_position,
        stated_values.day_value,
        max(case stated_values.window_effect when 'replace' then stated_values.timeline_no end) over (
            partition by
                amendment_rows.line_key, amendment_rows.timeline_no, stated_values.calendar_day
        ) as replaced_position
    from amendment_rows
    inner join stated_values
        on
        amendment_rows.line_key = stated_values.line_key
        and amendment_rows.timeline_no > stated_values.timeline_no
        and stated_values.calendar_day
        between amendment_rows.window_starts_on and amendment_rows.window_ends_on
    where amendment_rows.amount_minor is null

),

windows as (

    select
        line_key,
        timeline_no,
        cast({{ rounded_quotient('cast(sum(day_value) as hugeint)', '1000000000') }} as bigint)
            as stated_minor
    from candidates
    where pricing_position >= coalesce(replaced_position, 0)
    group by line_key, timeline_no

),

pricings as (

    select distinct
        line_key,
        timeline_no,
        value_minor
    from stated_values

),

deliveries as (

    select
        line_key,
        timeline_no,
        delivered_before,
        quantity_before
    from {{ ref('int_revenue_measures') }}

),

final as (

    select
        amendment_rows.*,
        case
            when amendment_rows.event_type = 'amendment_add' then line_terms.price_minor
            when amendment_rows.amount_minor is not null then amendment_rows.amount_minor
            when amendment_rows.pattern = 'point_in_time' and amendment_rows.window_effect = 'end'
                then -cast({{ rounded_quotient(
                    wide_integer('line_terms.price_minor') ~ ' * '
                    ~ scaled_integer('deliveries.quantity_before - deliveries.delivered_before', 6),
                    scaled_integer('deliveries.quantity_before', 6)
                ) }} as bigint)
            else coalesce(pricings.value_minor, 0) - coalesce(windows.stated_minor, 0)
        end as signed_minor
    from amendment_rows
    inner join line_terms
        on amendment_rows.line_key = line_terms.line_key
    left join windows
        on
        amendment_rows.line_key = windows.line_key
        and amendment_rows.timeline_no = windows.timeline_no
    left join pricings
        on
        amendment_rows.line_key = pricings.line_key
        and amendment_rows.timeline_no = pricings.timeline_no
    left join deliveries
        on
        amendment_rows.line_key = deliveries.line_key
        and amendment_rows.timeline_no = deliveries.timeline_no

)

select * from final
