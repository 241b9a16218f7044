{#- A quantity as a person writes it: without decimals where it has none. -#}
{% macro quantity_text(quantity) -%}
    case
        when {{ quantity }} = cast({{ quantity }} as bigint)
            then cast(cast({{ quantity }} as bigint) as varchar)
        else cast({{ quantity }} as varchar)
    end
{%- endmacro %}
