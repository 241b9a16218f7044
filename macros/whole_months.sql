{#- Whole months from a start day to an exclusive end day. A month is whole when the day of month
    is reached, or the month is too short to have it (31 January + 1 month = 28 February). -#}
{% macro whole_months(starts_on, ends_before) -%}
    (
        (extract(year from {{ ends_before }}) - extract(year from {{ starts_on }})) * 12
        + extract(month from {{ ends_before }}) - extract(month from {{ starts_on }})
        - case
            when
                extract(day from {{ ends_before }}) < extract(day from {{ starts_on }})
                and {{ ends_before }} != last_day({{ ends_before }})
                then 1
            else 0
        end
    )
{%- endmacro %}
