{#- The two columns of a mart for a movement of ARR. In reporting currency it is the converted amount
    after it less that before it, so that movements sum to balances to the cent. -#}
{% macro arr_money_moved(before_minor, minor_units, name) -%}
    {{ money(minor_units, "records.minor_unit_value") }} as {{ name }}_txn,
        {{ money(
            "(" ~ converted_minor_units(
                "(" ~ before_minor ~ " + " ~ minor_units ~ ")",
                "records.rate_numerator", "records.rate_denominator"
            )
            ~ " - " ~ converted_minor_units(
                "(" ~ before_minor ~ ")", "records.rate_numerator", "records.rate_denominator"
            ) ~ ")",
            "records.reporting_minor_unit_value"
        ) }} as {{ name }}_rpt
{%- endmacro %}
