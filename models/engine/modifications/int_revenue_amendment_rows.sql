-- Grain: one row per amendment or termination event x contract line it touches, in order, with the
-- window it prices and the last day of service after it. A termination without a line touches all.
with

timeline as (

    select *
    from {{ ref('int_revenue_timeline') }}
    where is_amendment

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

joining as (

    -- When a line joins its contract: at once, or with the event that adds it.
    select
        contract_key,
        line_key,
        min(step_no) as joined_step_no
    from timeline
    where event_type = 'amendment_add'
    group by contract_key, line_key

),

touched as (

    select
        timeline.* exclude (line_key, quantity, unit_price, amount_minor),
        -- The amount of an event for all lines counts once.
        case
            when timeline.line_key is not null or timeline.amount_minor is null
                or row_number() over (
                    partition by timeline.contract_key, timeline.timeline_no
                    order by line_terms.line_no
                ) = 1
                then timeline.amount_minor
            else 0
        end as amount_minor,
        line_terms.line_key,
        line_terms.line_no,
        line_terms.pattern,
        line_terms.quantity as sold_quantity,
        line_terms.price_minor,
        line_terms.price_period,
        line_terms.pricing_term,
        line_terms.anchor_day,
        line_terms.proration,
        line_terms.day_boundary,
        line_terms.starts_on as line_starts_on,
        line_terms.ends_on as line_ends_on,
        timeline.quantity as quantity_delta,
        timeline.unit_price
    from timeline
    inner join line_terms
        on
        timeline.contract_key = line_terms.contract_key
        and (
            timeline.line_key = line_terms.line_key
            or (timeline.line_key is null and timeline.event_type = 'termination')
        )
    left join joining
        on line_terms.line_key = joining.line_key
    where
        timeline.line_key is not null
        or line_terms.modification_id is null
        or joining.joined_step_no < timeline.step_no

),

extended as (

    select
        *,
        coalesce(
            last_value(case event_type when 'amendment_change' then ends_on end ignore nulls) over (
                partition by contract_key, line_key
                order by timeline_no
                rows between unbounded preceding and current row
            ),
            line_ends_on
        ) as extended_until
    from touched

),

ending as (

    -- A change may move the end either way; a removal or termination never extends a line.
    select
        *,
        case
            when event_type = 'amendment_change' then ends_on
            when event_type = 'amendment_remove' and starts_on is null
                then least({{ add_days('occurred_on', '-1') }}, extended_until)
            when event_type = 'amendment_remove' and ends_on is null
                then least({{ add_days('starts_on', '-1') }}, extended_until)
            when event_type = 'termination'
                then least(
                        coalesce(ends_on, {{ add_days('occurred_on', '-1') }}), extended_until
                    )
        end as moved_ends_on
    from extended

),

ended as (

    select
        *,
        coalesce(last_value(moved_ends_on ignore nulls) over so_far, line_ends_on)
            as ends_after_on,
        coalesce(last_value(moved_ends_on ignore nulls) over earlier, line_ends_on)
            as ended_before_on,
        cast(coalesce(sum(quantity_delta) over earlier, 0) as decimal(28, 10))
            as quantity_moved_before
    from ending
    window
        so_far as (
            partition by contract_key, line_key
            order by timeline_no
            rows between unbounded preceding and current row
        ),
        earlier as (
            partition by contract_key, line_key
            order by timeline_no
            rows between unbounded preceding and 1 preceding
        )

),

final as (

    select
        * exclude (moved_ends_on),
        moved_ends_on,
        case
            when event_type in ('amendment_change', 'amendment_reprice')
                then coalesce(starts_on, occurred_on)
            when event_type = 'amendment_remove' then coalesce(starts_on, occurred_on)
            when event_type = 'termination'
                then coalesce({{ add_days('ends_on', '1') }}, occurred_on)
        end as window_starts_on,
        case
            when event_type = 'amendment_reprice' then coalesce(ends_on, ends_after_on)
            when event_type = 'amendment_change' then ends_after_on
            when event_type = 'amendment_remove' and starts_on is not null
                then coalesce(ends_on, ended_before_on)
            when event_type in ('amendment_remove', 'termination') then ended_before_on
        end as window_ends_on,
        -- What the row does to the stated value of its window.
        case
            when event_type in ('amendment_add', 'termination_fee') then 'none'
            when event_type = 'amendment_reprice' and amount_minor = 0 and ssp is not null then 'none'
            when event_type in ('amendment_remove', 'termination') then 'end'
            when amount_minor is null and unit_price is not null then 'replace'
            else 'add'
        end as window_effect
    from ended

)

select * from final
