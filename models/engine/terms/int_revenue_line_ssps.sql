-- Grain: one row per contract line, with its standalone selling price as an allocation weight
-- (606-10-32-31 to 34). Percentages are evaluated before the allocation; a residual has none yet.
with

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

stated as (

    select
        *,
        case ssp_method
            when 'given' then {{ ssp_weight('ssp') }}
            when 'percent_of_list'
                then {{ divide_integers(
                    scaled_integer('ssp_percent', 6) ~ ' * ' ~ scaled_integer('list_price', 10),
                    '10000'
                ) }}
            when 'option_value'
                then {{ divide_integers(
                    scaled_integer('option_purchase', 10) ~ ' * ' ~ scaled_integer(
                        'coalesce(option_discount, 0) - coalesce(general_discount, 0)', 6
                    ),
                    '10000'
                ) }}
        end as full_weight
    from line_terms

),

weighted as (

    select
        *,
        case
            when ssp_method = 'price'
                then {{ divide_integers(
                    wide_integer('price_minor') ~ ' * 1000000000000',
                    power_of_ten('currency_decimals')
                ) }}
            else {{ rounded_quotient(
                rounded_quotient(
                    'full_weight * ' ~ scaled_integer(
                        "case when ssp_method in ('given', 'option_value')
                            then coalesce(likelihood, 1) else 1 end",
                        6
                    ),
                    '1000000'
                ) ~ ' * enforceable_numerator',
                'enforceable_denominator'
            ) }}
        end as own_weight
    from stated

),

grouped as (

    select
        contract_key,
        ssp_group,
        cast(sum(own_weight) as hugeint) as group_weight
    from weighted
    where ssp_group is not null
    group by contract_key, ssp_group

),

final as (

    select
        weighted.contract_key,
        weighted.line_key,
        cast(
            case weighted.ssp_method
                when 'percent_of_group'
                    then {{ rounded_quotient(
                        scaled_integer('weighted.ssp_percent', 6) ~ ' * grouped.group_weight',
                        '1000000'
                    ) }}
                else weighted.own_weight
            end as hugeint
        ) as ssp_weight
    from weighted
    left join grouped
        on
        weighted.contract_key = grouped.contract_key
        and weighted.ssp_group = grouped.ssp_group

)

select * from final
