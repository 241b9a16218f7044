{#
    Reason codes of the chain in its order, each with the SQL of its amount over int_chain_steps.
    A code may stand between more than one pair of steps; its amounts are added.

    Returns a list of {code, amount}; manual_journal, rounding and
    unexplained, which end the chain, are last.
#}
{% macro chain_codes() %}
    {% set amounts = {} %}
    {% set ns = namespace(before=none) %}
    {% for step in chain_steps() %}
        {% for code, condition in step.get('codes', {}).items() %}
            {% set difference = ns.before ~ '_minor - ' ~ step.step ~ '_minor' %}
            {% if condition %}
                {% set difference = 'case when ' ~ condition ~ ' then ' ~ difference ~ ' else 0 end' %}
            {% endif %}
            {% do amounts.update({code: amounts.get(code, []) + [difference]}) %}
        {% endfor %}
        {% set ns.before = step.step %}
    {% endfor %}
    {% set result = [] %}
    {% for code, differences in amounts.items() %}
        {% do result.append({'code': code, 'amount': differences | join(' + ')}) %}
    {% endfor %}
    {% do result.append({'code': 'manual_journal', 'amount': '-manual_minor'}) %}
    {% do result.append({'code': 'rounding', 'amount': 'rounding_minor'}) %}
    {% do result.append({'code': 'unexplained', 'amount': 'unexplained_minor'}) %}
    {{ return(result) }}
{% endmacro %}
