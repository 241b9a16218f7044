{#- The values of a group that fulfill a condition as one text in an order, separated by a comma. -#}
{% macro ordered_text(value, order_by, condition) -%}
    {{ return(adapter.dispatch("ordered_text", "tieout")(value, order_by, condition)) }}
{%- endmacro %}

{% macro default__ordered_text(value, order_by, condition) -%}
    string_agg({{ value }}, ', ' order by {{ order_by }}) filter (where {{ condition }})
{%- endmacro %}
