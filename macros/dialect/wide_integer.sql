{#- An integer wide enough for the product of an amount and a rate. -#}
{% macro wide_integer(expression) -%}
    {{ return(adapter.dispatch("wide_integer", "tieout")(expression)) }}
{%- endmacro %}

{% macro default__wide_integer(expression) -%}
    cast({{ expression }} as hugeint)
{%- endmacro %}
