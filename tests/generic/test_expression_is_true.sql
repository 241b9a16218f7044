{#- Fails on false and on null: an unknown amount is not a passing amount. -#}
{% test expression_is_true(model, expression, column_name=none) %}

    select *
    from {{ model }}
    where ({{ column_name ~ " " if column_name is not none }}{{ expression }}) is not true

{% endtest %}
