{#- Sum of an amount over the rows of one kind, an integer; 0 where there is none. -#}
{% macro summed(amount, kind, kind_column) -%}
    cast(
        coalesce(sum({{ amount }}) filter (where {{ kind_column }} = '{{ kind }}'), 0) as bigint
    )
{%- endmacro %}
