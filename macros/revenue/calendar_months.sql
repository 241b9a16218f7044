{#- Calendar months a window covers, parts by days, as an exact fraction of two integers. part is
    `numerator` or `denominator`. -#}
{% macro calendar_months(part, starts_on, ends_on) -%}
    {%- set first_length = "extract(day from last_day(" ~ starts_on ~ "))" -%}
    {%- set last_length = "extract(day from last_day(" ~ ends_on ~ "))" -%}
    {%- set is_one_month = month_number(starts_on) ~ " = " ~ month_number(ends_on) -%}
    {%- if part == "numerator" -%}
    case
        when {{ is_one_month }} then {{ days_between(starts_on, ends_on) }} + 1
        else ({{ days_between(starts_on, "last_day(" ~ starts_on ~ ")") }} + 1) * {{ last_length }}
            + ({{ month_number(ends_on) }} - {{ month_number(starts_on) }} - 1)
            * {{ first_length }} * {{ last_length }}
            + extract(day from {{ ends_on }}) * {{ first_length }}
    end
    {%- else -%}
    case when {{ is_one_month }} then 1 else {{ first_length }} end * {{ last_length }}
    {%- endif -%}
{%- endmacro %}
