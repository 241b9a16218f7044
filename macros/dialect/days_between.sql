{#- Days from one date to another (0 on the same day), as an integer. -#}
{% macro days_between(first_day, last_day) -%}
    {{ return(adapter.dispatch("days_between", "tieout")(first_day, last_day)) }}
{%- endmacro %}

{% macro default__days_between(first_day, last_day) -%}
    ({{ last_day }} - {{ first_day }})
{%- endmacro %}
