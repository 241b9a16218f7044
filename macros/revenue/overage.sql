{#- What use beyond a committed quantity costs, minor units. Columns read, of usage_windows:
    committed_quantity, unit_price, currency_decimals. -#}
{% macro overage(used) -%}
    cast({{ rounded_quotient(
        scaled_integer(
            "greatest(" ~ used ~ " - coalesce(usage_windows.committed_quantity, 0), 0)", 6
        )
        ~ " * " ~ scaled_integer("coalesce(usage_windows.unit_price, 0)", 10)
        ~ " * " ~ power_of_ten("usage_windows.currency_decimals"),
        "10000000000000000"
    ) }} as bigint)
{%- endmacro %}
