-- Fails on lines served by time whose postings do not sum to what was recognized and allocated to
-- them, all in all: the last state's amount is spread to its last day, and no period is lost. Lines
-- that reach beyond the accounting calendar are not finished in it; an annuity earns interest too.
with

last_states as (

    select
        contract_key,
        line_key,
        min(starts_on) as starts_on,
        max(ends_on) as ends_on,
        max_by(frozen_minor + open_minor, step_no) as allocated_minor
    from {{ ref('int_revenue_states') }}
    where is_live
    group by contract_key, line_key

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}
    where
        pattern = 'ratable'
        and not is_unenforceable
        and line_key not in (select years.line_key from {{ ref('int_revenue_annuities') }} as years)

),

calendar as (

    select
        min(starts_on) as starts_on,
        max(ends_on) as ends_on
    from {{ ref('dim_accounting_period') }}

),

posted as (

    select
        line_key,
        sum(amount_minor) as posted_minor
    from {{ ref('int_revenue_postings') }}
    group by line_key

)

select
    last_states.contract_key,
    last_states.line_key,
    last_states.allocated_minor,
    coalesce(posted.posted_minor, 0) as posted_minor
from last_states
inner join line_terms
    on last_states.line_key = line_terms.line_key
inner join calendar
    on last_states.starts_on >= calendar.starts_on and last_states.ends_on <= calendar.ends_on
left join posted
    on last_states.line_key = posted.line_key
where last_states.allocated_minor != coalesce(posted.posted_minor, 0)
