{#
    Boolean columns of int_chain_booked_amounts that the codes of chain_steps are told apart by.
#}
{% macro chain_facts() %}
    {{ return([
        'is_in_crm', 'is_duplicate', 'is_currency_mismatch', 'is_product_mismatch',
        'is_proration_method',
    ]) }}
{% endmacro %}
