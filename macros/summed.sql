{#- Sum of an amount over the rows of one measure, an integer; 0 where there is none. -#}
{% macro summed(amount, measure) -%}
    cast(coalesce(sum({{ amount }}) filter (where measure = '{{ measure }}'), 0) as bigint)
{%- endmacro %}
