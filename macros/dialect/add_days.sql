{#- A date moved by whole days. -#}
{% macro add_days(day, number_of_days) -%}
    {{ return(adapter.dispatch("add_days", "tieout")(day, number_of_days)) }}
{%- endmacro %}

{% macro default__add_days(day, number_of_days) -%}
    ({{ day }} + cast({{ number_of_days }} as integer))
{%- endmacro %}
