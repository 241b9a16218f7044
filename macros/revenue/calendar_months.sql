{#- Calendar months a window covers, parts by days, in 10^-12 of a month (whole months exact). -#}
{% macro calendar_months(starts_on, ends_on) -%}
    case
        when {{ month_number(starts_on) }} = {{ month_number(ends_on) }}
            then {{ divide_integers(
                "(" ~ days_between(starts_on, ends_on) ~ " + 1) * 1000000000000",
                "extract(day from last_day(" ~ ends_on ~ "))"
            ) }}
        else {{ divide_integers(
                "(" ~ days_between(starts_on, "last_day(" ~ starts_on ~ ")") ~ " + 1) * 1000000000000",
                "extract(day from last_day(" ~ starts_on ~ "))"
            ) }}
            + ({{ month_number(ends_on) }} - {{ month_number(starts_on) }} - 1) * 1000000000000
            + {{ divide_integers(
                "extract(day from " ~ ends_on ~ ") * 1000000000000",
                "extract(day from last_day(" ~ ends_on ~ "))"
            ) }}
    end
{%- endmacro %}
