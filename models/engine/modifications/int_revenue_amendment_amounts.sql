-- Grain: one row per amendment or termination event x contract line it touches, with its signed
-- change of price: as given, or derived from the stated value of what it reprices or ends.
with

amendment_rows as (

    select * from {{ ref('int_revenue_amendment_rows') }}

),

pricings as (

    select * from {{ ref('int_revenue_pricings') }}
    where pricing_no > 0

),

stated_values as (

    select * from {{ ref('int_revenue_stated_values') }}

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

measures as (

    select * from {{ ref('int_revenue_measures') }}

),

windows as (

    -- The stated value of the window before the row.
    select
        pricings.line_key,
        pricings.timeline_no,
        pricings.value_minor,
        {{ stated_minor(
            'pricings.value_minor * cast(1000000000000 as hugeint)
            - cast(coalesce(sum(stated_values.day_value), 0) as hugeint)'
        ) }} as derived_minor
    from pricings
    left join stated_values
        on
        pricings.line_key = stated_values.line_key
        and pricings.pricing_no = stated_values.pricing_no + 1
        and stated_values.calendar_day between pricings.starts_on and pricings.cleared_until
    group by pricings.line_key, pricings.timeline_no, pricings.value_minor

),

given_before as (

    select
        line_key,
        timeline_no,
        coalesce(
            sum(amount_minor) over (
                partition by line_key
                order by timeline_no
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as moved_before_minor
    from amendment_rows

),

final as (

    select
        amendment_rows.*,
        cast(
            case
                when amendment_rows.event_type = 'amendment_add' then line_terms.price_minor
                when amendment_rows.amount_minor is not null then amendment_rows.amount_minor
                when amendment_rows.pattern = 'ratable' then coalesce(windows.derived_minor, 0)
                when
                    amendment_rows.window_effect = 'end'
                    and coalesce(measures.total_before, 0) > 0
                    then -{{ rounded_quotient(
                        '(line_terms.price_minor + given_before.moved_before_minor)'
                        ~ ' * greatest('
                        ~ scaled_integer('measures.total_before - measures.done_before', 6)
                        ~ ', 0)',
                        scaled_integer('measures.total_before', 6)
                    ) }}
                else 0
            end as bigint
        ) as signed_minor
    from amendment_rows
    inner join line_terms
        on amendment_rows.line_key = line_terms.line_key
    left join given_before
        on
        amendment_rows.line_key = given_before.line_key
        and amendment_rows.timeline_no = given_before.timeline_no
    left join windows
        on
        amendment_rows.line_key = windows.line_key
        and amendment_rows.timeline_no = windows.timeline_no
    left join measures
        on
        amendment_rows.line_key = measures.line_key
        and amendment_rows.timeline_no = measures.timeline_no

)

select * from final
