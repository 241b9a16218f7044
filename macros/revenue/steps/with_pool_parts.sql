{#- Step 2 of a pass: what each line puts into the pool of the step, and who may share it.
    A prospective modification pools what open lines have not earned with the amounts of its rows
    and the prices of added lines (606-10-25-13(a)). An estimate that moves after one goes first to
    what was satisfied at the modification, and the rest of it to the modified contract
    (606-10-32-45). turn: who shares first; the first turn that anybody has takes the pool. -#}
{% macro with_pool_parts(relation) -%}
    {%- set open_from = "greatest(occurred_on, starts_on)" -%}
    select
        *,
        case
            when is_prospective
                then case when is_pooled_line then open_minor - earned_minor else 0 end
                    + signed_minor
                    + case when is_exercised then open_minor else 0 end
            when is_respread then event_minor - now_minor
            else 0
        end as pool_part_minor,
        case
            when is_prospective and (is_added or (is_pooled_line and not stops)) then 1
            when is_prospective and is_pooled_line then 2
            when is_prospective and is_touched then 3
            when is_respread and modified_weight > 0 then 1
            when is_respread and event_minor != 0 then 2
        end as turn,
        case
            when is_respread then modified_weight
            when is_added then coalesce(given_weight, ssp_weight)
            when stops then left_weight
            when given_weight is not null then given_weight
            when ssp_method = 'price'
                then left_weight + {{ divide_integers(
                    wide_integer("signed_minor") ~ " * 1000000000000",
                    power_of_ten("currency_decimals")
                ) }}
            else {{ rounded_quotient(
                rounded_quotient("left_weight * quantity_numerator", "quantity_denominator")
                ~ " * months_numerator", "months_denominator"
            ) }}
        end as next_weight
    from (
        select
            *,
            is_prospective and is_live and is_open
            and case pattern
                when 'ratable' then ends_on >= occurred_on
                else satisfied_numerator < satisfied_denominator
            end as is_pooled_line,
            is_ended
            or coalesce(moved_ends_on < occurred_on, false)
            or (
                pattern in ('point_in_time', 'drawdown')
                and coalesce(
                    coalesce(
                        case
                            when pattern = 'drawdown' and breakage = 'proportional'
                                then expected_before
                        end,
                        quantity_before + coalesce(quantity_delta, 0)
                    ) <= done_before,
                    false
                )
            ) as stops,
            step_kind = 'estimate' and is_pooled and modified_position is not null as is_respread,
            -- Of an estimate promised before the modification, the part that was satisfied then.
            case
                when step_kind = 'estimate' and is_pooled and modified_position is not null
                    and first_position < modified_position
                    then cast({{ rounded_quotient(
                        wide_integer("event_minor") ~ " * (1000000000000 - unsatisfied)",
                        "1000000000000"
                    ) }} as bigint)
                else 0
            end as now_minor,
            case
                when satisfied_denominator <= 0 or satisfied_numerator >= satisfied_denominator
                    then 0
                else {{ rounded_quotient(
                    "weight * (satisfied_denominator - satisfied_numerator)",
                    "satisfied_denominator"
                ) }}
            end as left_weight,
            case
                when coalesce(quantity_delta, 0) = 0 or coalesce(left_quantity, 0) <= 0 then 1
                else {{ scaled_integer("left_quantity + quantity_delta", 6) }}
            end as quantity_numerator,
            case
                when coalesce(quantity_delta, 0) = 0 or coalesce(left_quantity, 0) <= 0 then 1
                else {{ scaled_integer("left_quantity", 6) }}
            end as quantity_denominator,
            case
                when pattern = 'ratable' and moved_ends_on >= occurred_on
                    then ({{ calendar_months("numerator", open_from, "moved_ends_on") }})
                        * ({{ calendar_months("denominator", open_from, "ends_on") }})
                else 1
            end as months_numerator,
            case
                when pattern = 'ratable' and moved_ends_on >= occurred_on
                    then ({{ calendar_months("denominator", open_from, "moved_ends_on") }})
                        * ({{ calendar_months("numerator", open_from, "ends_on") }})
                else 1
            end as months_denominator
        from (
            select
                *,
                treatment = 'prospective' as is_prospective,
                -- An override that keeps contracts apart: a changed line goes on alone.
                treatment = 'separate_contract' and is_changed and is_live as is_alone,
                case pattern
                    when 'ratable' then whole_quantity
                    when 'point_in_time' then quantity_before - delivered_before
                    else quantity_before - used_before
                end as left_quantity
            from {{ relation }}
        ) as decided
    ) as parted
{%- endmacro %}
