{#- Amount of a segment earned through a day, in minor units: daily, both ends inclusive,
    rounded once. Periods are differences of two such amounts, so they sum to the whole
    (ASC 606-10-25-31, straight-line measure of progress; docs/decisions/0003). -#}
{% macro cumulative_amount(amount, starts_on, ends_on, through) -%}
    cast({{ rounded_quotient(
        amount ~ " * greatest(" ~ days_between(starts_on, "least(" ~ through ~ ", " ~ ends_on ~ ")") ~ " + 1, 0)",
        "(" ~ days_between(starts_on, ends_on) ~ " + 1)"
    ) }} as bigint)
{%- endmacro %}
