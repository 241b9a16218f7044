{#- The first of several columns that is not empty, blanks cut off. -#}
{% macro first_filled(columns) -%}
    coalesce(
        {%- for column in columns %}
        nullif(trim({{ column }}), '') {{- "," if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
