{#- The distinct values of a group as one sorted text, separated by a comma. -#}
{% macro sorted_distinct_text(column) -%}
    {{ return(adapter.dispatch("sorted_distinct_text", "tieout")(column)) }}
{%- endmacro %}

{% macro default__sorted_distinct_text(column) -%}
    nullif(
        array_to_string(
            list_sort(list(distinct {{ column }}) filter (where {{ column }} is not null)), ', '
        ),
        ''
    )
{%- endmacro %}
