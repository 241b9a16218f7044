{#- The two columns of a mart for one measure of a contract's balances: contract currency and
    reporting currency. Columns: <name>_minor and <name>_fn_minor of measured. -#}
{% macro balance_money(name) -%}
    {{ money("measured." ~ name ~ "_minor", "currencies.minor_unit_value") }} as {{ name }}_txn,
        {{ money("measured." ~ name ~ "_fn_minor", "reporting_currency.minor_unit_value") }}
            as {{ name }}_rpt
{%- endmacro %}
