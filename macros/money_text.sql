{#- Minor units as a person writes the amount: with as many decimals as the currency has. -#}
{% macro money_text(minor_units, minor_unit_value) -%}
    case {{ minor_unit_value }}
        when 1 then cast({{ minor_units }} as varchar)
        when 0.01 then cast(cast({{ minor_units }} * 0.01 as decimal(28, 2)) as varchar)
        else cast(cast({{ minor_units }} * 0.001 as decimal(28, 3)) as varchar)
    end
{%- endmacro %}
