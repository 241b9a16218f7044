{#- A sum of stated day values (10^-12 of a minor unit) in minor units. Days are cut, so what is off
    by less than 10^-8 is rounded away before the amount is. -#}
{% macro stated_minor(day_values) -%}
    cast({{ rounded_quotient(rounded_quotient(day_values, "10000"), "100000000") }} as bigint)
{%- endmacro %}
