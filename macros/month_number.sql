{#- Calendar months counted from year 0, for month arithmetic in integers. -#}
{% macro month_number(day) -%}
    (extract(year from {{ day }}) * 12 + extract(month from {{ day }}))
{%- endmacro %}
