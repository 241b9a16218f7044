{#- numerator / denominator in integers, rounded half away from zero. The denominator is positive. -#}
{% macro rounded_quotient(numerator, denominator) -%}
    (
        sign({{ numerator }})
        * {{ divide_integers(
            "2 * abs(" ~ numerator ~ ") + " ~ denominator,
            "2 * " ~ denominator
        ) }}
    )
{%- endmacro %}
