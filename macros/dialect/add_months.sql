{#- A date moved by whole months, clamped to the end of a shorter month. -#}
{% macro add_months(day, number_of_months) -%}
    {{ return(adapter.dispatch("add_months", "tieout")(day, number_of_months)) }}
{%- endmacro %}

{% macro default__add_months(day, number_of_months) -%}
    cast({{ day }} + to_months(cast({{ number_of_months }} as integer)) as date)
{%- endmacro %}
