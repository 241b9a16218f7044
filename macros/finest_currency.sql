{#- The currency in which amounts of two systems are compared by their face: that of the CRM, unless
    one of more decimals is among them. Reads the CTEs contract_lines (witness, currency_code and
    the key) and currencies (dim_currency). One row per key. -#}
{% macro finest_currency(key) -%}
    select
        contract_lines.{{ key }},
        contract_lines.currency_code,
        currencies.minor_units_per_major
    from contract_lines
    inner join currencies
        on contract_lines.currency_code = currencies.currency_code
    qualify row_number() over (
            partition by contract_lines.{{ key }}
            order by
                currencies.minor_units_per_major desc,
                contract_lines.witness asc,
                contract_lines.currency_code asc
        ) = 1
{%- endmacro %}
