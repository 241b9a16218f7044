{#- Price of a recurring charge in minor units: quantity (1 when null) x unit price x pricing
    periods, a yearly unit price over 12. Columns read: unit_price, price_period, currency_decimals
    and those of with_pricing_periods. -#}
{% macro recurring_price_minor(quantity) -%}
    cast({{ rounded_quotient(
        scaled_integer("coalesce(" ~ quantity ~ ", 1)", 6)
        ~ " * " ~ scaled_integer("unit_price", 10)
        ~ " * periods_numerator * " ~ power_of_ten("currency_decimals"),
        "(" ~ wide_integer("periods_denominator * case price_period when 'year' then 12 else 1 end")
        ~ " * 10000000000000000)"
    ) }} as bigint)
{%- endmacro %}
