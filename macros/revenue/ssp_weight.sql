{#- A standalone selling price as an allocation weight: an integer of 10^-12 of the currency. -#}
{% macro ssp_weight(value) -%}
    ({{ scaled_integer(value, 10) }} * 100)
{%- endmacro %}
