{#- Part of a window's value that is stated for one day: cumulative through it less before it, cut
    to whole units, so that days sum to the window. Columns of int_revenue_pricing_days. -#}
{% macro stated_day_value(window_value) -%}
    cast(
        {{ divide_integers(
            "(" ~ window_value ~ ") * pricing_days.through_numerator",
            "pricing_days.share_denominator"
        ) }}
        - {{ divide_integers(
            "(" ~ window_value ~ ") * pricing_days.before_numerator",
            "pricing_days.share_denominator"
        ) }}
        as hugeint
    )
{%- endmacro %}
