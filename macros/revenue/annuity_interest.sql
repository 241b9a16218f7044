{#- A year's interest on an amount in minor units. Column read: rate_units (10^-10). -#}
{% macro annuity_interest(amount) -%}
    cast({{ rounded_quotient(wide_integer(amount) ~ " * rate_units", "10000000000") }} as bigint)
{%- endmacro %}
