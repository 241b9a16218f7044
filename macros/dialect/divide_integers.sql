{#- Integer division toward zero. -#}
{% macro divide_integers(numerator, denominator) -%}
    {{ return(adapter.dispatch("divide_integers", "tieout")(numerator, denominator)) }}
{%- endmacro %}

{% macro default__divide_integers(numerator, denominator) -%}
    (({{ numerator }}) // ({{ denominator }}))
{%- endmacro %}
