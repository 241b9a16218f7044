{#- An amount per twelve months by one convention, in minor units. The columns term_months, term_days
    (days beyond whole months) and service_days measure the term.
    months: whole months as twelfths of a year, days beyond them as 365ths;
    days: a term of twelve months is a year, any other is days / 365;
    contract_amount: a term of a year or less counts its amount, a longer one by months. -#}
{% macro annual_minor(convention, amount) -%}
    {%- set by_months = rounded_quotient(
        amount ~ " * 4380", "(365 * term_months + 12 * term_days)"
    ) -%}
    {%- set by_days = rounded_quotient(amount ~ " * 365", "service_days") -%}
    {%- if convention == "months" -%}
        cast({{ by_months }} as bigint)
    {%- elif convention == "days" -%}
        cast(
            case when term_months = 12 and term_days = 0 then {{ amount }} else {{ by_days }} end
            as bigint
        )
    {%- elif convention == "contract_amount" -%}
        cast(
            case
                when term_months < 12 or (term_months = 12 and term_days = 0) then {{ amount }}
                else {{ by_months }}
            end as bigint
        )
    {%- else -%}
        {{ exceptions.raise_compiler_error(
            "ARR convention must be months, days or contract_amount, not " ~ convention
        ) }}
    {%- endif -%}
{%- endmacro %}
