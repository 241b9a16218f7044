{#- The part of an integer amount that falls to a member of a group, by cumulative rounding:
    what all members through this one have, less what those before it have. The parts of a
    group sum to the amount. before, through and total are integers of the members' weights;
    total is positive. -#}
{% macro share_between(amount, before, through, total) -%}
    cast(
        {{ rounded_quotient(wide_integer(amount) ~ " * " ~ through, total) }}
        - {{ rounded_quotient(wide_integer(amount) ~ " * " ~ before, total) }}
        as bigint
    )
{%- endmacro %}
