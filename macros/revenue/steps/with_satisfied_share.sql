{#- Step 1 of a pass: how much of each line's open part is satisfied before the step, as a fraction,
    and what it has earned. Time counts through the day before; deliveries, progress and use count
    as the timeline has them. -#}
{% macro with_satisfied_share(relation) -%}
    select
        *,
        case
            when satisfied_denominator <= 0 or satisfied_numerator >= satisfied_denominator
                then open_minor
            when satisfied_numerator <= 0 then 0
            when pattern = 'ratable' then {{ earned_before("open_minor") }}
            else cast({{ rounded_quotient(
                wide_integer("open_minor") ~ " * satisfied_numerator", "satisfied_denominator"
            ) }} as bigint)
        end as earned_minor
    from (
        select
            *,
            case
                when pattern = 'ratable' and (starts_on is null or through_on < starts_on) then 0
                when pattern = 'ratable' and through_on >= ends_on then 1
                when pattern = 'ratable' then {{ earned_share("numerator") }}
                when pattern = 'point_in_time'
                    then {{ scaled_integer("delivered_before - delivered_base", 6) }}
                when pattern = 'progress'
                    then {{ scaled_integer("progressed_before - progressed_base", 6) }}
                when pattern = 'drawdown' and is_expired_before then 1
                when pattern in ('drawdown', 'usage')
                    then {{ scaled_integer("used_before - used_base", 6) }}
                else 0
            end as satisfied_numerator,
            case
                when pattern = 'ratable' and (starts_on is null or through_on < starts_on) then 1
                when pattern = 'ratable' and through_on >= ends_on then 1
                when pattern = 'ratable' then {{ earned_share("denominator") }}
                when pattern = 'point_in_time'
                    then {{ scaled_integer("quantity_before - delivered_base", 6) }}
                when pattern = 'progress'
                    then {{ scaled_integer(
                        "coalesce(expected_before, quantity_before) - progressed_base", 6
                    ) }}
                when pattern = 'drawdown' and is_expired_before then 1
                when pattern = 'drawdown' and breakage = 'proportional'
                    then {{ scaled_integer(
                        "coalesce(expected_before, quantity_before) - used_base", 6
                    ) }}
                when pattern in ('drawdown', 'usage')
                    then coalesce({{ scaled_integer("quantity_before - used_base", 6) }}, 1)
                else 1
            end as satisfied_denominator
        from (
            select
                *,
                {{ days_between(
                    "greatest(period_starts_on, starts_on)", "least(period_ends_on, ends_on)"
                ) }} + 1 as served_days,
                {{ days_between("greatest(period_starts_on, starts_on)", "through_on") }} + 1
                    as through_days,
                {{ days_between("starts_on", "through_on") }} + 1 as elapsed_days
            from {{ relation }}
        ) as placed
    ) as shared
{%- endmacro %}
