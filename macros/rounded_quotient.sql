{#- numerator / denominator in integers, rounded half away from zero. The denominator is positive.
    Integer division cuts toward zero, so half a denominator is added away from zero first. -#}
{% macro rounded_quotient(numerator, denominator) -%}
    {{ divide_integers(
        "2 * (" ~ numerator ~ ") + sign(" ~ numerator ~ ") * (" ~ denominator ~ ")",
        "2 * (" ~ denominator ~ ")"
    ) }}
{%- endmacro %}
