{#- The one place that says how a mart shows money: minor units to an exact decimal. -#}
{% macro money(minor_units, minor_unit_value) -%}
    cast({{ minor_units }} * {{ minor_unit_value }} as decimal(18, 3))
{%- endmacro %}
