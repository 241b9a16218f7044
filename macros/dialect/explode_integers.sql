{#- A relation with one row for each integer from first to last, both inclusive. -#}
{% macro explode_integers(relation, first, last, number) -%}
    {{ return(adapter.dispatch("explode_integers", "tieout")(relation, first, last, number)) }}
{%- endmacro %}

{% macro default__explode_integers(relation, first, last, number) -%}
    select
        exploded.*,
        unnest(range(exploded.{{ first }}, exploded.{{ last }} + 1)) as {{ number }}
    from {{ relation }} as exploded
{%- endmacro %}
