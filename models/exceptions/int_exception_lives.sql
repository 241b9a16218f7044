-- Grain: one row per exception, what the reporting period shows of it beside what its history says.
with

run as (

    select * from {{ ref('int_exception_run') }}

),

present as (

    select * from {{ ref('int_exception_current') }}

),

lifetimes as (

    select * from {{ ref('int_exception_lifetimes') }}

),

final as (

    -- A replay of an earlier day may show what no run had seen by then: it is first seen now.
    select
        coalesce(present.exception_id, lifetimes.exception_id) as exception_id,
        coalesce(present.reason_code, lifetimes.reason_code) as reason_code,
        coalesce(present.contract_line_id, lifetimes.contract_line_id) as contract_line_id,
        coalesce(present.contract_id, lifetimes.contract_id) as contract_id,
        coalesce(present.customer_id, lifetimes.customer_id) as customer_id,
        coalesce(present.product_id, lifetimes.product_id) as product_id,
        coalesce(present.cause_field, lifetimes.cause_field) as cause_field,
        coalesce(present.cause_record_id, lifetimes.cause_record_id) as cause_record_id,
        coalesce(present.currency_code, lifetimes.currency_code) as currency_code,
        run.reporting_currency_code,
        run.as_of_date,
        run.period_no as reporting_period_no,
        present.exception_id is not null as is_present,
        coalesce(present.amount_txn, 0) as amount_txn,
        coalesce(present.amount_rpt, 0) as amount_rpt,
        greatest(
            coalesce(present.largest_amount_rpt, 0), coalesce(lifetimes.largest_amount_rpt, 0)
        ) as largest_amount_rpt,
        coalesce(
            least(present.first_period_no, lifetimes.first_period_no),
            present.first_period_no,
            lifetimes.first_period_no
        ) as first_period_no,
        coalesce(lifetimes.first_seen_on, run.as_of_date) as first_seen_on,
        lifetimes.first_seen_at,
        case
            when present.exception_id is not null then run.as_of_date
            else lifetimes.last_seen_on
        end as last_seen_on,
        case
            when present.exception_id is null then coalesce(lifetimes.cleared_on, run.as_of_date)
        end as cleared_on,
        coalesce(lifetimes.reopened_count, 0) as reopened_count
    from present
    full outer join lifetimes
        on present.exception_id = lifetimes.exception_id
    inner join run
        on true

)

select * from final
