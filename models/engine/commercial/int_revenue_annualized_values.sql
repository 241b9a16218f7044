-- Grain: one row per contract x modification (null: at inception), with the annualized value of
-- its recurring lines on that day, in 10^-6 of a minor unit: the stated value of the stretch each
-- active line is priced in x 12 / its calendar months.
with

stated_windows as (

    select * from {{ ref('int_revenue_stated_windows') }}

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}
    where pattern = 'ratable' and not is_unenforceable

),

joined_lines as (

    select
        line_key,
        min(timeline_no) as joined_position
    from {{ ref('int_revenue_timeline') }}
    where event_type = 'amendment_add'
    group by line_key

),

moments as (

    select
        contract_key,
        modification_id,
        through_timeline_no,
        occurred_on as valued_on
    from {{ ref('int_revenue_versions') }}

),

runs as (

    -- Days in a row under one pricing share the day their run would have started at number 0.
    select
        *,
        {{ add_days('calendar_day', '-row_number() over (
            partition by contract_key, modification_id, line_key, pricing_position
            order by calendar_day
        )') }} as run_key
    from stated_windows

),

stretches as (

    select
        contract_key,
        modification_id,
        line_key,
        pricing_position,
        min(calendar_day) as starts_on,
        max(calendar_day) as ends_on,
        cast(sum(day_value) as hugeint) as stretch_value
    from stated_windows
    group by
        contract_key,
        modification_id,
        line_key,
        pricing_position

),

active as (

    -- Contracts with derived amendments or asked periods: the stretch priced on the day.
    select
        moments.contract_key,
        moments.modification_id,
        stretches.stretch_value,
        {{ calendar_months('stretches.starts_on', 'stretches.ends_on') }} as stretch_months
    from moments
    inner join stretches
        on
        moments.contract_key = stretches.contract_key
        and moments.modification_id is not distinct from stretches.modification_id
    inner join stated_windows
        on
        stretches.line_key = stated_windows.line_key
        and stretches.modification_id is not distinct from stated_windows.modification_id
        and stretches.pricing_position = stated_windows.pricing_position
        and moments.valued_on = stated_windows.calendar_day

),

unpriced as (

    select *
    from moments
    where contract_key not in (select stated_windows.contract_key from stated_windows)

),

whole as (

    -- Any other contract: each line as it was sold.
    select
        unpriced.contract_key,
        unpriced.modification_id,
        {{ wide_integer('line_terms.price_minor') }} * 1000000000 as stretch_value,
        {{ calendar_months('line_terms.starts_on', 'line_terms.ends_on') }} as stretch_months
    from unpriced
    inner join line_terms
        on
        unpriced.contract_key = line_terms.contract_key
        and unpriced.valued_on between line_terms.starts_on and line_terms.ends_on
    left join joined_lines
        on line_terms.line_key = joined_lines.line_key
    where
        line_terms.modification_id is null
        or joined_lines.joined_position <= unpriced.through_timeline_no

),

both_kinds as (

    select * from active

    union all

    select * from whole

),

annualized as (

    select
        contract_key,
        modification_id,
        {{ rounded_quotient('stretch_value * 12 * 1000000000', 'cast(stretch_months as hugeint)') }}
            as annual_value
    from both_kinds

),

final as (

    select
        moments.contract_key,
        moments.modification_id,
        cast(coalesce(sum(annualized.annual_value), 0) as hugeint) as annual_value
    from moments
    left join annualized
        on
        moments.contract_key = annualized.contract_key
        and moments.modification_id is not distinct from annualized.modification_id
    group by moments.contract_key, moments.modification_id

)

select * from final
