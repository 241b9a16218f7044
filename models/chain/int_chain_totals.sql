-- Grain: one row per contract line x accounting period, from its first fact to the reporting
-- period. The totals of int_chain_total_spans in each period of the span; what moved is in the
-- first.
with

total_spans as (

    select * from {{ ref('int_chain_total_spans') }}

),

exploded as (

    {{ explode_integers('total_spans', 'period_no', 'last_period_no', 'shown_period_no') }}

),

final as (

    select
        * exclude (period_no, last_period_no, shown_period_no) replace (
            {% for amount in ['booked', 'recognized', 'difference'] -%}
                {% set outer_loop = loop -%}
                {% for scope in ['txn', 'rpt'] -%}
                    {% set column = amount ~ '_movement_' ~ scope ~ '_minor' -%}
                    case
                        when shown_period_no = period_no
                            then {{ column }}
                        else 0
                    end as {{ column }}{{ ',' if not (loop.last and outer_loop.last) }}
                {% endfor -%}
            {% endfor -%}
        ),
        shown_period_no as period_no
    from exploded

)

select * from final
