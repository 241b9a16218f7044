{#- 10^decimals for the decimals a currency can have. -#}
{% macro power_of_ten(decimals) -%}
    case {{ decimals }} when 0 then 1 when 1 then 10 when 2 then 100 when 3 then 1000 else 10000 end
{%- endmacro %}
