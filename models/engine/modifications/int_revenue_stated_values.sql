-- Grain: one row per contract line x pricing of it x day, in contracts whose amendments leave
-- amounts to be derived or whose value is asked by period. A pricing is the line's own price
-- (position 0) or what an amendment puts on its window, spread by the line's proration. The value
-- of a day is that of the last pricing that replaces it, plus those added since. Unit: 10^-9 of a
-- minor unit, so that windows sum exactly.
with

amendment_rows as (

    select * from {{ ref('int_revenue_amendment_rows') }}

),

valued_contracts as (

    select contract_key
    from amendment_rows
    where
        amount_minor is null
        and window_effect != 'none'
    union
    select bands.contract_key
    from {{ ref('int_revenue_bands') }} as bands

),

line_terms as (

    select line_terms.*
    from {{ ref('int_revenue_line_terms') }} as line_terms
    inner join valued_contracts
        on line_terms.contract_key = valued_contracts.contract_key
    where
        line_terms.pattern = 'ratable'
        and not line_terms.is_unenforceable

),

amendment_windows as (

    select
        amendment_rows.*,
        line_terms.currency_decimals as line_decimals
    from amendment_rows
    inner join line_terms
        on amendment_rows.line_key = line_terms.line_key
    where
        amendment_rows.window_effect != 'none'
        and amendment_rows.window_starts_on <= amendment_rows.window_ends_on

),

measured as (

    {{ with_pricing_periods('amendment_windows') }}

),

pricings as (

    select
        contract_key,
        line_key,
        0 as timeline_no,
        'replace' as window_effect,
        price_minor as value_minor,
        proration,
        day_boundary,
        starts_on,
        ends_on
    from line_terms

    union all

    select
        contract_key,
        line_key,
        timeline_no,
        case window_effect when 'end' then 'replace' else window_effect end as window_effect,
        case window_effect
            when 'end' then 0
            when 'add' then coalesce(amount_minor, 0)
            else {{ recurring_price_minor('sold_quantity + quantity_moved_before + coalesce(quantity_delta, 0)') }}
        end as value_minor,
        proration,
        day_boundary,
        window_starts_on as starts_on,
        window_ends_on as ends_on
    from measured

),

termed as (

    {{ with_term_measures('pricings') }}

),

days as (

    select
        termed.*,
        calendar.calendar_day,
        calendar.period_no,
        calendar.period_days,
        {{ days_between(
            'greatest(calendar.period_starts_on, termed.starts_on)',
            'least(calendar.period_ends_on, termed.ends_on)'
        ) }} + 1 as served_days,
        {{ days_between(
            'greatest(calendar.period_starts_on, termed.starts_on)', 'calendar.calendar_day'
        ) }} + 1 as through_days,
        {{ days_between('termed.starts_on', 'calendar.calendar_day') }} + 1 as elapsed_days
    from termed
    inner join {{ ref('int_revenue_calendar') }} as calendar
        on calendar.calendar_day between termed.starts_on and termed.ends_on

),

accumulated as (

    select
        *,
        {{ divide_integers(
            wide_integer('value_minor') ~ ' * 1000000000 * (' ~ earned_share('numerator') ~ ')',
            '(' ~ earned_share('denominator') ~ ')'
        ) }} as through_value
    from days

),

final as (

    select
        contract_key,
        line_key,
        timeline_no,
        window_effect,
        value_minor,
        starts_on,
        ends_on,
        calendar_day,
        through_value - coalesce(
            lag(through_value) over (
                partition by contract_key, line_key, timeline_no order by calendar_day
            ),
            0
        ) as day_value
    from accumulated

)

select * from final
