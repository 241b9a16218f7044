{#- The two columns of a mart for one amount of ARR: contract currency, and reporting currency at the
    constant rate of the line's currency (int_bookings_arr_records). -#}
{% macro arr_money(minor_units, name) -%}
    {{ money(minor_units, "records.minor_unit_value") }} as {{ name }}_txn,
        {{ money(
            converted_minor_units(minor_units, "records.rate_numerator", "records.rate_denominator"),
            "records.reporting_minor_unit_value"
        ) }} as {{ name }}_rpt
{%- endmacro %}
