{#- Amount of a term earned through a day inside it, as a prospective modification freezes it, minor
    units: exact days under daily; else the whole periods as posted and the period's own amount by
    days. Columns as in earned_share. -#}
{% macro earned_before(amount) -%}
    case
        when proration = 'daily' then {{ earned_amount(amount) }}
        else {{ whole_periods_amount(amount, "0") }}
            + cast({{ rounded_quotient(
                "(" ~ whole_periods_amount(amount, "served_days") ~ " - "
                ~ whole_periods_amount(amount, "0") ~ ") * through_days",
                "served_days"
            ) }} as bigint)
    end
{%- endmacro %}
