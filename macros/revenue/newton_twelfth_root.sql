{#- One step of Newton's method toward the twelfth root of 1 + rate: (11 x + (1 + rate) / x^11) / 12,
    in 10^-15. Column read: rate_units (10^-15). -#}
{% macro newton_twelfth_root(guess) -%}
    {%- set unit = "1000000000000000" -%}
    {%- set quotient = namespace(text="(" ~ unit ~ " + rate_units)") -%}
    {%- for factor in range(11) -%}
        {%- set quotient.text = divide_integers(quotient.text ~ " * " ~ unit, guess) -%}
    {%- endfor -%}
    cast({{ rounded_quotient("11 * " ~ guess ~ " + " ~ quotient.text, "12") }} as hugeint)
{%- endmacro %}
