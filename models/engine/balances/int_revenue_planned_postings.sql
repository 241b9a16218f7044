-- Grain: one row per contract line that earns over time x asked day x later accounting period, with
-- the revenue planned for it by what is known on the day.
with

line_terms as (

    select *
    from {{ ref('int_revenue_line_terms') }}
    where
        pattern = 'ratable'
        or (pattern = 'usage' and minimum = 'stand_ready' and price_minor > 0)

),

asked_contracts as (

    select distinct contract_key from {{ ref('int_revenue_bands') }}

),

plans as (

    select
        known_states.contract_key,
        known_states.line_key,
        known_states.as_of,
        known_states.open_minor,
        known_states.starts_on,
        known_states.ends_on,
        line_terms.proration,
        line_terms.day_boundary,
        line_terms.schedule_residual
    from {{ ref('int_revenue_known_states') }} as known_states
    inner join asked_contracts
        on known_states.contract_key = asked_contracts.contract_key
    inner join line_terms
        on known_states.line_key = line_terms.line_key
    where known_states.ends_on > known_states.as_of

),

termed as (

    {{ with_term_measures('plans') }}

),

spread as (

    select
        termed.*,
        accounting_periods.period_no,
        rounded_terms.through_minor as rounded_through_minor,
        rounded_terms.before_minor as rounded_before_minor,
        least(accounting_periods.ends_on, termed.ends_on) as planned_on,
        {{ days_between('accounting_periods.starts_on', 'accounting_periods.ends_on') }} + 1
            as period_days,
        {{ days_between(
            'greatest(accounting_periods.starts_on, termed.starts_on)',
            'least(accounting_periods.ends_on, termed.ends_on)'
        ) }} + 1 as served_days,
        {{ days_between(
            'greatest(accounting_periods.starts_on, termed.starts_on)',
            'least(accounting_periods.ends_on, termed.ends_on)'
        ) }} + 1 as through_days,
        {{ days_between('termed.starts_on', 'least(accounting_periods.ends_on, termed.ends_on)') }} + 1
            as elapsed_days
    from termed
    inner join {{ ref('dim_accounting_period') }} as accounting_periods
        on
        termed.starts_on <= accounting_periods.ends_on
        and termed.ends_on >= accounting_periods.starts_on
        and termed.as_of < least(accounting_periods.ends_on, termed.ends_on)
    left join {{ ref('int_revenue_rounded_terms') }} as rounded_terms
        on
        termed.line_key = rounded_terms.line_key
        and termed.open_minor = rounded_terms.amount_minor
        and termed.starts_on = rounded_terms.starts_on
        and termed.ends_on = rounded_terms.ends_on
        and accounting_periods.period_no = rounded_terms.period_no

),

final as (

    select
        contract_key,
        line_key,
        as_of,
        planned_on,
        coalesce(
            rounded_through_minor, {{ whole_periods_amount('open_minor', 'served_days') }}
        )
        - coalesce(rounded_before_minor, {{ whole_periods_amount('open_minor', '0') }})
            as planned_minor
    from spread

)

select * from final
