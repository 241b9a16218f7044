{#- Decimals of a currency from its minor units per major unit. -#}
{% macro currency_decimals(minor_units_per_major) -%}
    case {{ minor_units_per_major }}
        when 1 then 0 when 10 then 1 when 100 then 2 when 1000 then 3 else 4
    end
{%- endmacro %}
