{#- An exact decimal amount as an integer of the currency's minor units (cents, yen). -#}
{% macro minor_units(amount, minor_units_per_major) -%}
    cast(round({{ amount }} * {{ minor_units_per_major }}, 0) as bigint)
{%- endmacro %}
