{#- First day of the pricing period that holds a day: periods begin on day `anchor` of each month,
    or on the last day of a shorter month. -#}
{% macro anchor_on_or_before(day, anchor) -%}
    case
        when
            extract(day from {{ day }})
            >= least({{ anchor }}, extract(day from last_day({{ day }})))
            then {{ anchor_in_month(day, anchor) }}
        else {{ anchor_in_month(add_months(month_start(day), -1), anchor) }}
    end
{%- endmacro %}
