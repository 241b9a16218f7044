{#- Minor units of one currency in minor units of another, rounded once, half away from zero.
    A rate is two integers: minor units * numerator / denominator. -#}
{% macro converted_minor_units(minor_units, rate_numerator, rate_denominator) -%}
    cast(
        {{ rounded_quotient(
            wide_integer(minor_units) ~ " * " ~ rate_numerator, rate_denominator
        ) }}
        as bigint
    )
{%- endmacro %}
