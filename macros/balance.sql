{#- Running sum of what moves a contract's balance, in a query with the window to_date; an integer. -#}
{% macro balance(movement) -%}
    cast(coalesce(sum({{ movement }}) over to_date, 0) as bigint)
{%- endmacro %}
