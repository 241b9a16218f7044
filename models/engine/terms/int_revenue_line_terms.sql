-- Grain: one row per contract line, cut to the enforceable term: where the customer may leave
-- without a substantive penalty, the line ends the day before, with the share of its price and
-- standalone selling price that lies before it (606-10-25-3; revenue-rules: contract term).
with

priced as (

    select * from {{ ref('int_revenue_line_prices') }}

),

termed as (

    {{ with_term_measures('priced') }}

),

cuts as (

    -- The last enforceable day of lines that reach beyond it.
    select
        termed.*,
        cutting_day.calendar_day as last_enforceable_on,
        cutting_day.period_no,
        cutting_day.period_days,
        {{ days_between(
            'greatest(cutting_day.period_starts_on, termed.starts_on)',
            'least(cutting_day.period_ends_on, termed.ends_on)'
        ) }} + 1 as served_days,
        {{ days_between(
            'greatest(cutting_day.period_starts_on, termed.starts_on)', 'cutting_day.calendar_day'
        ) }} + 1 as through_days,
        {{ days_between('termed.starts_on', 'cutting_day.calendar_day') }} + 1 as elapsed_days
    from termed
    left join {{ ref('int_revenue_calendar') }} as cutting_day
        on
        {{ add_days('termed.cancel_right_from', '-1') }} = cutting_day.calendar_day
        and termed.ends_on >= termed.cancel_right_from
        and termed.starts_on is not null

),

shared as (

    select
        *,
        case
            when last_enforceable_on is null then 1
            when last_enforceable_on < starts_on then 0
            else {{ earned_share('numerator') }}
        end as enforceable_numerator,
        case
            when last_enforceable_on is null or last_enforceable_on < starts_on then 1
            else {{ earned_share('denominator') }}
        end as enforceable_denominator
    from cuts

),

final as (

    select
        contract_key,
        line_key,
        line_no,
        modification_id,
        pattern,
        is_distinct,
        is_series,
        ramp_group,
        tier_mode,
        quantity,
        unit_price,
        price_period,
        list_price,
        ssp,
        ssp_method,
        ssp_percent,
        ssp_group,
        ssp_low,
        ssp_high,
        option_purchase,
        option_discount,
        general_discount,
        likelihood,
        currency_decimals,
        proration,
        day_boundary,
        schedule_residual,
        pricing_term,
        anchor_day,
        breakage,
        minimum,
        tiered_usage,
        tier_reset,
        starts_on,
        case
            when last_enforceable_on is null then ends_on
            else greatest(last_enforceable_on, starts_on)
        end as ends_on,
        enforceable_numerator = 0 as is_unenforceable,
        enforceable_numerator,
        enforceable_denominator,
        cast({{ rounded_quotient(
            wide_integer('price_minor') ~ ' * enforceable_numerator', 'enforceable_denominator'
        ) }} as bigint) as price_minor
    from shared

)

select * from final
