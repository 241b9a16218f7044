{#- Share of a term earned through a day, as a fraction of two integers (ASC 606-10-25-31: a
    straight-line measure of progress). part is `numerator` or `denominator`. Columns read, beside
    those of with_term_measures: proration, day_boundary; of the day: period_no (its accounting
    period), period_days (days of that period), served_days (days of the term in that period),
    through_days (of these, those up to the day; another expression may stand for it), elapsed_days
    (days of the term up to the day).
    Whole periods weigh 1 under even_periods and month_evenly (which leaves out a last period that
    is not served to its end), days served / days of the period under period_rate; under
    prorate_first_last the ends weigh their days and the periods between share the rest equally.
    Inside a period a weight is shared by days. -#}
{% macro earned_share(part, through_days="through_days") -%}
    {%- set elapsed -%}
        {%- if through_days == "through_days" -%} elapsed_days
        {%- else -%} (elapsed_days - through_days + {{ through_days }}) {%- endif -%}
    {%- endset -%}
    {%- set index = "(period_no - first_period_no)" -%}
    {%- set periods = "(last_period_no - first_period_no + 1)" -%}
    {%- set counted -%}
        (
            {{ periods }}
            - case when last_days < last_period_days and {{ periods }} > 1 then 1 else 0 end
        )
    {%- endset -%}
    {%- set middle_periods = "greatest(last_period_no - first_period_no - 1, 1)" -%}
    {%- set total_rate -%}
        case
            when first_period_no = last_period_no then first_days * last_period_days
            else first_days * last_period_days
                + (last_period_no - first_period_no - 1) * first_period_days * last_period_days
                + last_days * first_period_days
        end
    {%- endset -%}
    {%- if part == "numerator" -%}
    case
        when proration = 'daily' and day_boundary = 'noon' and term_days > 1
            then case
                when {{ elapsed }} = term_days then 2 * (term_days - 1)
                else greatest(2 * {{ elapsed }} - 1, 0)
            end
        when proration = 'daily' then {{ elapsed }}
        when proration = 'even_periods' then {{ index }} * served_days + {{ through_days }}
        when proration = 'month_evenly'
            then case
                when {{ index }} >= {{ counted }} then {{ counted }} * served_days
                else {{ index }} * served_days + {{ through_days }}
            end
        when proration = 'period_rate'
            then case
                when period_no = first_period_no then {{ through_days }} * last_period_days
                when period_no = last_period_no
                    then (first_days + ({{ index }} - 1) * first_period_days) * last_period_days
                        + {{ through_days }} * first_period_days
                else (first_days + ({{ index }} - 1) * first_period_days)
                    * last_period_days * period_days
                    + {{ through_days }} * first_period_days * last_period_days
            end
        when proration = 'prorate_first_last'
            then case
                when period_no = first_period_no then {{ through_days }}
                when period_no = last_period_no then term_days - last_days + {{ through_days }}
                else (
                    first_days * {{ middle_periods }}
                    + ({{ index }} - 1) * (term_days - first_days - last_days)
                ) * served_days
                + (term_days - first_days - last_days) * {{ through_days }}
            end
        else {{ elapsed }}
    end
    {%- else -%}
    case
        when proration = 'daily' and day_boundary = 'noon' and term_days > 1
            then 2 * (term_days - 1)
        when proration = 'daily' then term_days
        when proration = 'even_periods' then {{ periods }} * served_days
        when proration = 'month_evenly' then {{ counted }} * served_days
        when proration = 'period_rate'
            then ({{ total_rate }})
                * case
                    when period_no in (first_period_no, last_period_no) then 1 else period_days
                end
        when proration = 'prorate_first_last'
            then case
                when period_no in (first_period_no, last_period_no) then term_days
                else term_days * {{ middle_periods }} * served_days
            end
        else term_days
    end
    {%- endif -%}
{%- endmacro %}
