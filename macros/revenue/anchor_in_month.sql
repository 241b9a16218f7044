{#- Day `anchor` of the month of a day, or its last day. -#}
{% macro anchor_in_month(day, anchor) -%}
    least({{ add_days(month_start(day), "(" ~ anchor ~ " - 1)") }}, last_day({{ day }}))
{%- endmacro %}
