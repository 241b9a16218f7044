{#
    The chain, in its order: each amount it computes and the code of the difference to the amount
    before it. This list is the one place that names them; the models of models/chain loop over it.

    step: the column <step>_minor of int_chain_amounts.
    codes: reason code -> the condition (SQL over int_chain_steps) under which the difference is
        its; a step of one code has none.
    rate: 'crm' where the reporting currency is at the CRM's own rate, 'contract' where it is at the
        ERP's rate of the CRM's currency; all others are at the rate of the ERP's order.
    is_computed: false for steps that stand even of a held contract (V0 to V5).

    What follows the last step (the ledger's own amount, rounding, unexplained) is in
    int_chain_differences.
#}
{% macro chain_steps() %}
    {{ return([
        {'step': 'booked', 'rate': 'crm', 'is_computed': false},
        {
            'step': 'in_scope', 'codes': {'out_of_scope': none}, 'rate': 'crm',
            'is_computed': false,
        },
        {
            'step': 'contract_rate', 'codes': {'fx_rate': none}, 'rate': 'contract',
            'is_computed': false,
        },
        {'step': 'erp_currency', 'codes': {'currency_mismatch': none}, 'is_computed': false},
        {'step': 'handed', 'codes': {'handoff_lag': none}, 'is_computed': false},
        {'step': 'population', 'is_computed': false, 'codes': {
            'missing_in_erp': 'is_in_crm and not is_duplicate',
            'missing_in_crm': 'not is_in_crm and not is_duplicate',
            'duplicate_in_erp': 'not is_in_crm and is_duplicate',
            'duplicate_in_crm': 'is_in_crm and is_duplicate',
        }},
        {'step': 'versions', 'is_computed': false, 'codes': {
            'amendment_not_synced': "change_kind != 'cancellation'",
            'termination_not_synced': "change_kind = 'cancellation'",
        }},
        {'step': 'left_open', 'codes': {'erp_short_close': none}, 'is_computed': false},
        {'step': 'quantity', 'is_computed': false, 'codes': {
            'product_mismatch': 'is_product_mismatch',
            'quantity_mismatch': 'not is_product_mismatch',
        }},
        {'step': 'amount', 'is_computed': false, 'codes': {
            'product_mismatch': 'is_product_mismatch',
            'proration_method': 'is_proration_method',
            'price_mismatch': 'not is_product_mismatch and not is_proration_method',
        }},
        {'step': 'computable', 'codes': {'contract_held': none}, 'is_computed': true},
        {'step': 'book', 'codes': {'allocation_ssp': none}, 'is_computed': true},
        {'step': 'leveled', 'codes': {'ramp_straight_line': none}, 'is_computed': true},
        {'step': 'allocated', 'codes': {'allocation_mismatch': none}, 'is_computed': true},
        {'step': 'used', 'codes': {'usage_overage': none}, 'is_computed': true},
        {'step': 'topped_up', 'codes': {'minimum_shortfall': none}, 'is_computed': true},
        {'step': 'estimated_price', 'codes': {'variable_estimate': none}, 'is_computed': true},
        {'step': 'charged_by_erp', 'codes': {'price_mismatch': none}, 'is_computed': true},
        {'step': 'unlapsed', 'codes': {'credits_unused': none}, 'is_computed': true},
        {'step': 'broken', 'codes': {'breakage': none}, 'is_computed': true},
        {'step': 'variable', 'codes': {'credit_memo': none}, 'is_computed': true},
        {'step': 'earned', 'codes': {'not_yet_delivered': none}, 'is_computed': true},
        {'step': 'dated', 'codes': {'date_shift': none}, 'is_computed': true},
        {'step': 'spread', 'codes': {'period_convention': none}, 'is_computed': true},
        {'step': 'ruled', 'codes': {'recognition_rule_mismatch': none}, 'is_computed': true},
        {'step': 'erp_earned', 'codes': {'ramp_straight_line': none}, 'is_computed': true},
        {'step': 'unheld', 'codes': {'revenue_hold': none}, 'is_computed': true},
        {'step': 'open', 'codes': {'closed_period_catch_up': none}, 'is_computed': true},
        {'step': 'due', 'codes': {'posting_lag': none}, 'is_computed': true},
    ]) }}
{% endmacro %}
