-- Grain: one row per modification step x contract line it touches, with what it does to the line.
with

amendment_amounts as (

    select * from {{ ref('int_revenue_amendment_amounts') }}

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

ssps as (

    select * from {{ ref('int_revenue_line_ssps') }}

),

measures as (

    select * from {{ ref('int_revenue_measures') }}

),

flagged as (

    select
        *,
        event_type = 'amendment_add' as is_adding,
        event_type = 'amendment_reprice' and amount_minor = 0 and ssp is not null
            as is_ssp_refresh
    from amendment_amounts

),

summed as (

    select
        contract_key,
        step_no,
        line_key,
        min(timeline_no) as timeline_no,
        min(occurred_on) as occurred_on,
        bool_or(is_adding) as is_added,
        bool_or(not is_adding and not is_ssp_refresh) as is_changed,
        cast(sum(signed_minor) as bigint) as signed_minor,
        cast(coalesce(sum(quantity_delta), 0) as decimal(28, 10)) as quantity_delta,
        cast(max_by(sold_quantity + quantity_moved_before, -timeline_no) as decimal(28, 10))
            as whole_quantity,
        max_by({{ ssp_weight('ssp') }}, timeline_no) filter (where ssp is not null) as given_weight,
        max_by(moved_ends_on, timeline_no) filter (where moved_ends_on is not null)
            as moved_ends_on,
        max_by(ended_before_on, -timeline_no) as ended_before_on,
        -- Removed or terminated on its day, or a thing to deliver that is taken back.
        bool_or(
            event_type in ('amendment_remove', 'termination')
            and (pattern = 'point_in_time' or coalesce(moved_ends_on < occurred_on, false))
        ) as is_ended
    from flagged
    group by contract_key, step_no, line_key

),

final as (

    select
        summed.*,
        line_terms.is_distinct,
        line_terms.ssp_method,
        line_terms.price_minor,
        ssps.ssp_weight,
        line_terms.is_distinct and line_terms.ssp_method = 'given' and line_terms.ssp is not null
            as has_ssp_given,
        -- One undivided obligation that is under way (606-10-25-13(b)).
        summed.is_changed
        and not line_terms.is_series
        and case line_terms.pattern
            when 'ratable'
                then line_terms.starts_on < summed.occurred_on
                    and summed.ended_before_on >= summed.occurred_on
            when 'point_in_time'
                then measures.delivered_before > 0
                    and measures.delivered_before < measures.quantity_before
            when 'progress'
                then measures.progressed_before > 0
                    and measures.progressed_before
                    < coalesce(measures.expected_before, measures.quantity_before)
            when 'drawdown'
                then measures.used_before > 0
                    and measures.used_before
                    < coalesce(measures.expected_before, measures.quantity_before)
            else false
        end as is_undivided
    from summed
    inner join line_terms
        on summed.line_key = line_terms.line_key
    inner join ssps
        on summed.line_key = ssps.line_key
    left join measures
        on
        summed.line_key = measures.line_key
        and summed.timeline_no = measures.timeline_no

)

select * from final
