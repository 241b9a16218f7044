{#- A decimal amount in minor units of a currency with that many decimals, half away from zero. -#}
{% macro minor_from_decimal(amount, currency_decimals) -%}
    cast({{ rounded_quotient(
        scaled_integer(amount, 10) ~ " * " ~ power_of_ten(currency_decimals), "10000000000"
    ) }} as bigint)
{%- endmacro %}
