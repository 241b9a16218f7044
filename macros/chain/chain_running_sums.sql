{#
    What the chain adds up from period to period. Takes no arguments.

    Returns a mapping, column of int_chain_changes -> {data_type, scale}.
    scale is the column of int_chain_scoped_versions that says how many minor units of the line's
    currency one of the system's own is; none for counts and the ledger's currency.
#}
{% macro chain_running_sums() %}
    {% set erp = {'data_type': 'bigint', 'scale': 'erp_scale'} %}
    {% set crm = {'data_type': 'bigint', 'scale': 'crm_scale'} %}
    {% set plain = {'data_type': 'bigint', 'scale': none} %}
    {{ return({
        'earned_minor': erp,
        'dated_minor': erp,
        'ruled_minor': erp,
        'erp_earned_minor': erp,
        'charged_minor': crm,
        'erp_charged_minor': erp,
        'used_quantity': {'data_type': 'decimal(28, 4)', 'scale': none},
        'stated_minimum_minor': crm,
        'erp_minimum_minor': erp,
        'stated_estimate_minor': crm,
        'erp_estimate_minor': erp,
        'stated_credit_minor': erp,
        'held_minor': erp,
        'catch_up_minor': erp,
        'lag_minor': erp,
        'due_rows': plain,
        'posted_minor': erp,
        'posted_rpt_minor': plain,
        'manual_minor': erp,
        'manual_rpt_minor': plain,
    }) }}
{% endmacro %}
