-- Grain: one row per contract line that earns over time x asked day, with the amount and the term
-- that are known of its open part on the day, in contracts whose balances are asked by period.
with

line_terms as (

    select *
    from {{ ref('int_revenue_line_terms') }}
    where
        pattern = 'ratable'
        or (pattern = 'usage' and minimum = 'stand_ready' and price_minor > 0)

),

bands as (

    select * from {{ ref('int_revenue_bands') }}

),

known_states as (

    select * from {{ ref('int_revenue_known_states') }}

),

plans as (

    select
        known_states.contract_key,
        known_states.line_key,
        known_states.as_of,
        known_states.step_no,
        known_states.open_minor,
        known_states.starts_on,
        known_states.ends_on,
        line_terms.proration,
        line_terms.day_boundary,
        line_terms.schedule_residual
    from known_states
    inner join line_terms
        on known_states.line_key = line_terms.line_key
    where known_states.contract_key in (select bands.contract_key from bands)

),

final as (

    {{ with_term_measures('plans') }}

)

select * from final
