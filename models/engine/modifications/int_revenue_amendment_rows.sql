-- Grain: one row per amendment or termination event x contract line it touches, in order, with the
-- window it prices and the last day of service after it.
with

touched as (

    select * from {{ ref('int_revenue_touched_lines') }}

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
        *,
        greatest(
            case
                when event_type = 'termination'
                    then coalesce({{ add_days('ends_on', '1') }}, occurred_on)
                else coalesce(starts_on, occurred_on)
            end,
            line_starts_on
        ) as window_starts_on,
        case
            when event_type = 'amendment_reprice'
                then least(coalesce(ends_on, ends_after_on), ends_after_on)
            when event_type = 'amendment_change' then ends_after_on
            when event_type = 'amendment_remove' and starts_on is not null
                then least(coalesce(ends_on, ended_before_on), ended_before_on)
            else ended_before_on
        end as window_ends_on,
        -- What the row does to the stated value of its window.
        case
            when event_type in ('amendment_add', 'termination_fee') then 'none'
            when event_type in ('amendment_remove', 'termination') then 'end'
            when amount_minor is null and unit_price is not null then 'replace'
            when coalesce(amount_minor, 0) = 0 and moved_ends_on is null then 'none'
            else 'add'
        end as window_effect
    from ended

)

select * from final
