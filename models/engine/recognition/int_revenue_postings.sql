-- Grain: one row per revenue posting of a contract: over time (once per accounting period, on its
-- last day or the line's last day of service) or on the day of an event. posted_on is the first
-- open day when the books of service_on were closed before the contract reached them.
with

time_postings as (

    select * from {{ ref('int_revenue_time_postings') }}

),

event_postings as (

    select * from {{ ref('int_revenue_event_postings') }}

),

contracts as (

    select * from {{ ref('int_revenue_contracts') }}

),

calendar as (

    select * from {{ ref('int_revenue_calendar') }}

),

combined as (

    select
        contract_key,
        line_key,
        period_no,
        service_on,
        cast(null as varchar) as modification_id,
        'time' as posting_kind,
        amount_minor
    from time_postings

    union all

    select
        event_postings.contract_key,
        event_postings.line_key,
        calendar.period_no,
        event_postings.service_on,
        event_postings.modification_id,
        event_postings.posting_kind,
        event_postings.amount_minor
    from event_postings
    left join calendar
        on event_postings.service_on = calendar.calendar_day

),

final as (

    select
        combined.contract_key,
        combined.line_key,
        combined.period_no,
        combined.service_on,
        case
            when combined.service_on <= contracts.books_closed_through
                then {{ add_days('contracts.books_closed_through', '1') }}
            else combined.service_on
        end as posted_on,
        combined.posting_kind,
        combined.modification_id,
        combined.amount_minor
    from combined
    inner join contracts
        on combined.contract_key = contracts.contract_key

)

select * from final
