{#- A relation with one row for each day of its window, both ends inclusive. -#}
{% macro explode_days(relation, starts_on, ends_on, day) -%}
    {{ return(adapter.dispatch("explode_days", "tieout")(relation, starts_on, ends_on, day)) }}
{%- endmacro %}

{% macro default__explode_days(relation, starts_on, ends_on, day) -%}
    select
        exploded.*,
        cast(
            unnest(
                generate_series(exploded.{{ starts_on }}, exploded.{{ ends_on }}, interval 1 day)
            ) as date
        ) as {{ day }}
    from {{ relation }} as exploded
{%- endmacro %}
