{#- Key of immutable source ids. Null and '' differ, and so do ('a', 'bc') and ('ab', 'c'). -#}
{% macro surrogate_key(columns) -%}
    md5(
        {%- for column in columns %}
        coalesce(cast({{ column }} as varchar), '<null>') {{ "|| '|' ||" if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
