{#- An amount per twelve months by one convention, in minor units; null for an unknown one. The
    columns term_months, term_days (days beyond whole months) and service_days measure the term.
    months: whole months as twelfths of a year, days beyond them as 365ths;
    days: a term of twelve months is a year, any other is days / 365;
    contract_amount: a term of a year or less counts its amount, a longer one by months. -#}
{% macro annual_minor(convention, amount) -%}
    {%- set by_months = rounded_quotient(
        amount ~ " * 4380", "(365 * term_months + 12 * term_days)"
    ) -%}
    cast(
        case
            when '{{ convention }}' = 'months' then {{ by_months }}
            when '{{ convention }}' not in ('days', 'contract_amount') then null
            when term_months = 12 and term_days = 0 then {{ amount }}
            when '{{ convention }}' = 'days'
                then {{ rounded_quotient(amount ~ " * 365", "service_days") }}
            when term_months < 12 then {{ amount }}
            else {{ by_months }}
        end as bigint
    )
{%- endmacro %}
