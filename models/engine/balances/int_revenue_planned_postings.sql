-- Grain: one row per contract line that earns over time x asked day x later accounting period, with
-- the revenue planned for it by what is known on the day.
with

known_terms as (

    select * from {{ ref('int_revenue_known_terms') }}

),

spread as (

    select
        known_terms.*,
        accounting_periods.period_no,
        rounded_terms.through_minor as rounded_through_minor,
        rounded_terms.before_minor as rounded_before_minor,
        least(accounting_periods.ends_on, known_terms.ends_on) as service_on,
        {{ days_between('accounting_periods.starts_on', 'accounting_periods.ends_on') }} + 1
            as period_days,
        {{ days_between(
            'greatest(accounting_periods.starts_on, known_terms.starts_on)',
            'least(accounting_periods.ends_on, known_terms.ends_on)'
        ) }} + 1 as served_days,
        {{ days_between(
            'greatest(accounting_periods.starts_on, known_terms.starts_on)',
            'least(accounting_periods.ends_on, known_terms.ends_on)'
        ) }} + 1 as through_days,
        {{ days_between(
            'known_terms.starts_on', 'least(accounting_periods.ends_on, known_terms.ends_on)'
        ) }} + 1 as elapsed_days
    from known_terms
    inner join {{ ref('int_revenue_contracts') }} as contracts
        on known_terms.contract_key = contracts.contract_key
    inner join {{ ref('dim_accounting_period') }} as accounting_periods
        on
        known_terms.starts_on <= accounting_periods.ends_on
        and known_terms.ends_on >= accounting_periods.starts_on
        and (
            known_terms.as_of < least(accounting_periods.ends_on, known_terms.ends_on)
            or known_terms.as_of <= contracts.books_closed_through
        )
    left join {{ ref('int_revenue_rounded_terms') }} as rounded_terms
        on
        known_terms.line_key = rounded_terms.line_key
        and known_terms.open_minor = rounded_terms.amount_minor
        and known_terms.starts_on = rounded_terms.starts_on
        and known_terms.ends_on = rounded_terms.ends_on
        and accounting_periods.period_no = rounded_terms.period_no

),

current_segments as (

    -- What is known of each line is the last segment begun by then.
    select
        known_terms.line_key,
        known_terms.as_of,
        max(segments.step_no) as step_no
    from known_terms
    inner join {{ ref('int_revenue_segments') }} as segments
        on
        known_terms.line_key = segments.line_key
        and known_terms.step_no >= segments.step_no
    group by known_terms.line_key, known_terms.as_of

),

planned as (

    select
        contract_key,
        line_key,
        as_of,
        service_on,
        coalesce(
            rounded_through_minor, {{ whole_periods_amount('open_minor', 'served_days') }}
        )
        - coalesce(rounded_before_minor, {{ whole_periods_amount('open_minor', '0') }})
            as planned_minor
    from spread

    union all

    -- Earned before a change in the middle of a period, posted at its end.
    select
        time_postings.contract_key,
        time_postings.line_key,
        current_segments.as_of,
        time_postings.service_on,
        time_postings.amount_minor as planned_minor
    from current_segments
    inner join {{ ref('int_revenue_time_postings') }} as time_postings
        on
        current_segments.line_key = time_postings.line_key
        and current_segments.step_no > time_postings.step_no

),

final as (

    select
        planned.contract_key,
        planned.line_key,
        planned.as_of,
        case
            when planned.service_on <= contracts.books_closed_through
                then {{ add_days('contracts.books_closed_through', '1') }}
            else planned.service_on
        end as planned_on,
        planned.planned_minor
    from planned
    inner join {{ ref('int_revenue_contracts') }} as contracts
        on planned.contract_key = contracts.contract_key

)

select * from final
where planned_on > as_of
