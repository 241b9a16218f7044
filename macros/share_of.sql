{#- Part of a whole as an exact decimal of six digits; null where there is no whole. Both have at
    most six decimals; the whole is not negative. -#}
{% macro share_of(part, whole) -%}
    case
        when {{ whole }} != 0
            then cast(
                cast(
                    {{ rounded_quotient(
                        wide_integer("(" ~ part ~ ") * 1000000") ~ " * 1000000",
                        wide_integer("(" ~ whole ~ ") * 1000000")
                    ) }}
                    as bigint
                ) * 0.000001
                as decimal(9, 6)
            )
    end
{%- endmacro %}
