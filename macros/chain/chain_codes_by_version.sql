{#
    Codes of breaks that are found version by version: versions that offset each other to the cent
    are still broken.
#}
{% macro chain_codes_by_version() %}
    {{ return([
        'missing_in_erp', 'missing_in_crm', 'duplicate_in_erp', 'duplicate_in_crm',
        'amendment_not_synced', 'termination_not_synced', 'quantity_mismatch', 'price_mismatch',
        'contract_held', 'allocation_mismatch', 'posting_lag', 'currency_mismatch',
        'erp_short_close', 'product_mismatch',
    ]) }}
{% endmacro %}
