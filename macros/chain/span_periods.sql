{#
    A select of a relation by span, one row for each of its periods.

    relation: name of a relation with period_no and last_period_no, the first and last period of the
        span, both inclusive.
    movements: its columns of what the span changed. They are in the first period and 0 in the rest.

    The result has the relation's columns without last_period_no; period_no is the period shown.
#}
{% macro span_periods(relation, movements) %}
    select
        * exclude (shown_period_no, last_period_no)
        replace (
            {% for movement in movements -%}
                case when shown_period_no = period_no then {{ movement }} else 0 end
                    as {{ movement }},
            {% endfor -%}
            shown_period_no as period_no
        )
    from (
        {{ explode_integers(relation, 'period_no', 'last_period_no', 'shown_period_no') }}
    ) as exploded
{% endmacro %}
