{#- A relation with how many pricing periods its window covers, as periods_numerator /
    periods_denominator. Columns read: window_starts_on, window_ends_on (inclusive), pricing_term,
    anchor_day. Whole calendar months count 1 and parts count by days; `anchored_partial` counts
    periods that begin on a day of the month; `anchored_round_up` counts each one touched whole. -#}
{% macro with_pricing_periods(relation) -%}
    select
        *,
        case
            when pricing_term = 'anchored_round_up' then periods_apart + 1
            when periods_apart = 0
                then {{ days_between("window_starts_on", "window_ends_on") }} + 1
            else {{ days_between(
                "window_starts_on", add_days("first_period", "first_pricing_days")
            ) }}
                * last_pricing_days
                + (periods_apart - 1) * first_pricing_days * last_pricing_days
                + ({{ days_between("last_period", "window_ends_on") }} + 1) * first_pricing_days
        end as periods_numerator,
        case
            when pricing_term = 'anchored_round_up' then 1
            when periods_apart = 0 then first_pricing_days
            else first_pricing_days * last_pricing_days
        end as periods_denominator
    from (
        select
            *,
            {{ days_between(
                "first_period",
                anchor_in_month(add_months(month_start("first_period"), 1), "anchor")
            ) }} as first_pricing_days,
            {{ days_between(
                "last_period",
                anchor_in_month(add_months(month_start("last_period"), 1), "anchor")
            ) }} as last_pricing_days,
            {{ month_number("last_period") }} - {{ month_number("first_period") }} as periods_apart
        from (
            select
                *,
                {{ anchor_on_or_before("window_starts_on", "anchor") }} as first_period,
                {{ anchor_on_or_before("window_ends_on", "anchor") }} as last_period
            from (
                select
                    *,
                    case
                        when pricing_term in ('anchored_partial', 'anchored_round_up')
                            then coalesce(anchor_day, 1)
                        else 1
                    end as anchor
                from {{ relation }}
            ) as anchored
        ) as placed
    ) as measured
{%- endmacro %}
