{#- The price of a quantity over a term from the price of one unit for a year, in minor units,
    rounded once. method: months_and_days (whole months as twelfths of a year and the days beyond
    them as 365ths) or days (all days as 365ths); null for any other. ends_on is inclusive. -#}
{% macro prorated_price_minor(
    method, annual_price, quantity, minor_units_per_major, starts_on, ends_on
) -%}
    {%- set ends_before = add_days(ends_on, '1') -%}
    {%- set months = whole_months(starts_on, ends_before) -%}
    {%- set parts -%}
        case {{ method }}
            when 'months_and_days'
                then 365 * {{ months }}
                    + 12 * greatest(
                        {{ days_between(add_months(starts_on, months), ends_before) }}, 0
                    )
            when 'days' then 12 * {{ days_between(starts_on, ends_before) }}
        end
    {%- endset -%}
    cast({{ rounded_quotient(
        scaled_integer(annual_price ~ ' * ' ~ minor_units_per_major, 6)
        ~ ' * ' ~ scaled_integer(quantity, 4)
        ~ ' * (' ~ parts ~ ')',
        '43800000000000'
    ) }} as bigint)
{%- endmacro %}
