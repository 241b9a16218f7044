{#- The model holds at least this many rows: an empty side must never pass a reconciliation. -#}
{% test row_count_at_least(model, minimum) %}

    select count(*) as row_count
    from {{ model }}
    having count(*) < {{ minimum }}

{% endtest %}
