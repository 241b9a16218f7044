{#- A relation with share_minor: the amount of its group split over the rows of the group by weight
    (606-10-32-31), in whole minor units that sum to the amount. Columns read: split_minor (the same
    on each row of a group), split_weight, line_no (ties, last line), allocation_residual:
    largest_remainder cuts every share toward zero and hands the missing units to the largest parts
    cut off; largest_amount and last_line round every share and put the difference on one line.
    Weights that sum to zero count as equal. -#}
{% macro split_by_weights(relation, group) -%}
    {%- set partition = "partition by " ~ group | join(", ") -%}
    select
        *,
        cast(
            case allocation_residual
                when 'largest_amount'
                    then rounded_share + case
                        when
                            row_number() over (
                                {{ partition }} order by abs(rounded_share) desc, line_no
                            ) = 1
                            then split_minor - sum(rounded_share) over ({{ partition }})
                        else 0
                    end
                when 'last_line'
                    then rounded_share + case
                        when row_number() over ({{ partition }} order by line_no desc) = 1
                            then split_minor - sum(rounded_share) over ({{ partition }})
                        else 0
                    end
                else cut_share + sign(missing_units) * (
                    {{ divide_integers("abs(missing_units)", "group_size") }}
                    + case
                        when
                            row_number() over (
                                {{ partition }} order by cut_off * sign(missing_units) desc, line_no
                            ) <= abs(missing_units) % group_size
                            then 1
                        else 0
                    end
                )
            end as bigint
        ) as share_minor
    from (
        select
            *,
            split_minor - sum(cut_share) over ({{ partition }}) as missing_units,
            cut_share
            + case when abs(cut_off) >= 500000000 then sign(cut_off) else 0 end as rounded_share
        from (
            select
                *,
                -- The part cut off in 10^-9 of a minor unit; what rounds to a whole unit is one.
                quotient
                + case when abs(remainder) >= 1000000000 then sign(remainder) else 0 end
                    as cut_share,
                case when abs(remainder) >= 1000000000 then 0 else remainder end as cut_off
            from (
                select
                    *,
                    {{ rounded_quotient(
                        "(split_product - quotient * split_total) * 1000000000", "split_total"
                    ) }} as remainder
                from (
                    select
                        *,
                        {{ divide_integers("split_product", "split_total") }} as quotient
                    from (
                        select
                            *,
                            {{ wide_integer("split_minor") }}
                            * case when weight_total = 0 then 1 else split_weight end
                            * case when weight_total < 0 then -1 else 1 end as split_product,
                            case when weight_total = 0 then group_size else abs(weight_total) end
                                as split_total
                        from (
                            select
                                *,
                                cast(sum(split_weight) over ({{ partition }}) as hugeint)
                                    as weight_total,
                                count(*) over ({{ partition }}) as group_size
                            from {{ relation }}
                        ) as weighed
                    ) as multiplied
                ) as divided
            ) as parted
        ) as cut
    ) as counted
{%- endmacro %}
