{#- Amount of a term earned through a day, minor units, rounded once. Columns: earned_share. -#}
{% macro earned_amount(amount) -%}
    cast({{ rounded_quotient(
        amount ~ " * (" ~ earned_share("numerator") ~ ")", "(" ~ earned_share("denominator") ~ ")"
    ) }} as bigint)
{%- endmacro %}
