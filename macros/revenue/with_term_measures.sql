{#- A relation with what straight-line formulas need of each row's term (starts_on to ends_on, both
    inclusive): its days, its first and last accounting period, and in each of them the days served
    and the days of the period. A row without both dates, or outside the calendar, gets nulls. -#}
{% macro with_term_measures(relation) -%}
    select
        termed.*,
        {{ days_between("termed.starts_on", "termed.ends_on") }} + 1 as term_days,
        first_day.period_no as first_period_no,
        last_day.period_no as last_period_no,
        {{ days_between(
            "termed.starts_on", "least(first_day.period_ends_on, termed.ends_on)"
        ) }} + 1 as first_days,
        first_day.period_days as first_period_days,
        {{ days_between(
            "greatest(last_day.period_starts_on, termed.starts_on)", "termed.ends_on"
        ) }} + 1 as last_days,
        last_day.period_days as last_period_days
    from {{ relation }} as termed
    left join {{ ref("int_revenue_calendar") }} as first_day
        on termed.starts_on = first_day.calendar_day
    left join {{ ref("int_revenue_calendar") }} as last_day
        on termed.ends_on = last_day.calendar_day
{%- endmacro %}
