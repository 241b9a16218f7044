{#- A decimal as an integer of its 10^-decimals (at most 10), exact to 14 digits before them. -#}
{% macro scaled_integer(value, decimals) -%}
    cast(
        cast({{ value }} as decimal(24, 10))
        * cast(1{{ "0" * decimals }} as decimal({{ decimals + 1 }}, 0)) as hugeint
    )
{%- endmacro %}
