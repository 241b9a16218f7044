-- Grain: one row per contract line x pricing of it x day priced after it, with the stated value
-- of the day: a pricing replaces the value of its window, or adds to it, and spreads it by the
-- line's proration. One pass per pricing takes all lines at once. Unit: 10^-12 of a minor unit,
-- so that windows sum exactly.
with recursive

pricings as (

    select * from {{ ref('int_revenue_pricings') }}

),

pricing_days as (

    select * from {{ ref('int_revenue_pricing_days') }}

),

stated as (

    select
        pricings.contract_key,
        pricings.line_key,
        pricings.pricing_no,
        pricings.timeline_no,
        pricing_days.calendar_day,
        0 as priced_by,
        {{ stated_day_value('cast(pricings.value_minor as hugeint) * 1000000000000') }} as day_value
    from pricings
    inner join pricing_days
        on
        pricings.line_key = pricing_days.line_key
        and pricings.pricing_no = pricing_days.pricing_no
    where pricings.pricing_no = 0

    union all

    (
        with

        windows as (

            select
                pricings.contract_key,
                pricings.line_key,
                pricings.pricing_no,
                pricings.timeline_no,
                cast(
                    cast(pricings.value_minor as hugeint) * 1000000000000
                    + case any_value(pricings.window_effect)
                        when 'add'
                            then coalesce(
                                    sum(
                                        case
                                            when
                                                stated.calendar_day between pricings.starts_on
                                                and pricings.cleared_until
                                                then stated.day_value
                                        end
                                    ),
                                    0
                                )
                        else 0
                    end as hugeint
                ) as window_value
            from stated
            inner join pricings
                on
                stated.line_key = pricings.line_key
                and stated.pricing_no + 1 = pricings.pricing_no
            group by
                pricings.contract_key,
                pricings.line_key,
                pricings.pricing_no,
                pricings.timeline_no,
                pricings.value_minor

        )

        select
            windows.contract_key,
            windows.line_key,
            windows.pricing_no,
            windows.timeline_no,
            pricing_days.calendar_day,
            windows.pricing_no as priced_by,
            {{ stated_day_value('windows.window_value') }} as day_value
        from windows
        inner join pricing_days
            on
            windows.line_key = pricing_days.line_key
            and windows.pricing_no = pricing_days.pricing_no

        union all

        select
            pricings.contract_key,
            pricings.line_key,
            pricings.pricing_no,
            pricings.timeline_no,
            stated.calendar_day,
            stated.priced_by,
            stated.day_value
        from stated
        inner join pricings
            on
            stated.line_key = pricings.line_key
            and stated.pricing_no + 1 = pricings.pricing_no
        where stated.calendar_day not between pricings.starts_on and pricings.cleared_until
    )

)

select * from stated
