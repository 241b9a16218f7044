{#
    What the chain adds up from period to period. Takes no arguments.

    Returns a mapping, column -> {relation, data_type, scale}.
    relation is the input of int_chain_changes that has the column. scale is the column of
    int_chain_scoped_versions that says how many minor units of the line's currency one of the
    system's own is; none for counts and the ledger's currency.
#}
{% macro chain_running_sums() %}
    {% set sums = {} %}
    {% for relation, columns in {
        'earned': {
            'earned_minor': 'erp_scale',
            'dated_minor': 'erp_scale',
            'ruled_minor': 'erp_scale',
            'erp_earned_minor': 'erp_scale',
            'charged_minor': 'crm_scale',
            'erp_charged_minor': 'erp_scale',
            'used_quantity': none,
        },
        'varied': {
            'stated_minimum_minor': 'crm_scale',
            'erp_minimum_minor': 'erp_scale',
            'stated_estimate_minor': 'crm_scale',
            'erp_estimate_minor': 'erp_scale',
            'erp_credit_minor': 'erp_scale',
        },
        'postings': {
            'held_minor': 'erp_scale',
            'catch_up_minor': 'erp_scale',
            'lag_minor': 'erp_scale',
            'due_rows': none,
            'posted_minor': 'erp_scale',
            'posted_rpt_minor': none,
            'manual_minor': 'erp_scale',
            'manual_rpt_minor': none,
        },
    }.items() %}
        {% for column, scale in columns.items() %}
            {% do sums.update({column: {
                'relation': relation,
                'data_type': 'decimal(28, 4)' if column == 'used_quantity' else 'bigint',
                'scale': scale,
            }}) %}
        {% endfor %}
    {% endfor %}
    {{ return(sums) }}
{% endmacro %}
