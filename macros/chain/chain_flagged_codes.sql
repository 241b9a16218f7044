{#
    Breaks that are shown even where they are worth nothing: code -> the fact that says so.
#}
{% macro chain_flagged_codes() %}
    {{ return({
        'currency_mismatch': 'is_currency_mismatch',
        'product_mismatch': 'is_product_mismatch',
    }) }}
{% endmacro %}
