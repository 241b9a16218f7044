{#
    Reason codes that are expected to clear: what they explain ends at zero by itself.
#}
{% macro chain_clearing_codes() %}
    {{ return([
        'handoff_lag', 'not_yet_delivered', 'period_convention', 'ramp_straight_line',
        'revenue_hold', 'closed_period_catch_up',
    ]) }}
{% endmacro %}
