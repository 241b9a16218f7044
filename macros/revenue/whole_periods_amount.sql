{#- Amount of a term earned by the end of its n-th accounting period, minor units, as posted: either
    the rounded cumulative amount, or periods rounded one by one with the difference in the last or
    the last but one. Not for daily terms with periods rounded one by one, whose periods differ.
    Columns as in earned_share; through_days: served_days at the end of the period, 0 before it. -#}
{% macro whole_periods_amount(amount, through_days) -%}
    {%- set nth -%}
        (period_no - first_period_no + case when {{ through_days }} = 0 then 0 else 1 end)
    {%- endset -%}
    {%- set periods -%}
        (last_period_no - first_period_no + 1 - case
            when proration = 'month_evenly' and last_days < last_period_days
                and last_period_no > first_period_no then 1 else 0 end)
    {%- endset -%}
    {%- set rate_total -%}
        (first_days * last_period_days
            + (last_period_no - first_period_no - 1) * first_period_days * last_period_days
            + last_days * first_period_days)
    {%- endset -%}
    {%- set middle_days = "(term_days - first_days - last_days)" -%}
    {%- set middle_periods = "greatest(last_period_no - first_period_no - 1, 1)" -%}
    case
        when {{ nth }} <= 0 then 0
        when {{ nth }} >= {{ periods }} then {{ amount }}
        when schedule_residual = 'cumulative'
            then cast({{ rounded_quotient(
                amount ~ " * (" ~ earned_share("numerator", through_days) ~ ")",
                "(" ~ earned_share("denominator", through_days) ~ ")"
            ) }} as bigint)
        when schedule_residual = 'next_to_last_period' and {{ nth }} = {{ periods }} - 1
            then {{ amount }} - cast(case proration
                when 'prorate_first_last'
                    then {{ rounded_quotient(amount ~ " * last_days", "term_days") }}
                when 'period_rate'
                    then {{ rounded_quotient(
                        amount ~ " * last_days * first_period_days", rate_total
                    ) }}
                else {{ rounded_quotient(amount, periods) }}
            end as bigint)
        else cast(case proration
            when 'prorate_first_last'
                then {{ rounded_quotient(amount ~ " * first_days", "term_days") }}
                    + ({{ nth }} - 1)
                    * {{ rounded_quotient(
                        amount ~ " * " ~ middle_days, "(term_days * " ~ middle_periods ~ ")"
                    ) }}
            when 'period_rate'
                then {{ rounded_quotient(amount ~ " * first_days * last_period_days", rate_total) }}
                    + ({{ nth }} - 1)
                    * {{ rounded_quotient(
                        amount ~ " * first_period_days * last_period_days", rate_total
                    ) }}
            else {{ nth }} * {{ rounded_quotient(amount, periods) }}
        end as bigint)
    end
{%- endmacro %}
