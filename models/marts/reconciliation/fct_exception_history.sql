-- Grain: one row per exception x state: an amount it kept, or that it was gone. THE MEMORY of the
-- exceptions: states are added and the last one extended, nothing is rebuilt, not even by
-- `--full-refresh`. A run that reads the books at an earlier day than the last leaves no trace.
{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='exception_state_id',
        on_schema_change='append_new_columns',
        full_refresh=false
    )
}}
with

run as (

    select * from {{ ref('int_exception_run') }}

),

present as (

    select * from {{ ref('int_exception_current') }}

),

known as (

    {% if is_incremental() %}
        select * from {{ this }}
        qualify row_number() over (partition by exception_id order by state_no desc) = 1
    {% else %}
        select
            *,
            0 as state_no,
            '' as state_change,
            cast(null as date) as seen_from,
            cast(null as date) as seen_until,
            cast(null as timestamp with time zone) as seen_at,
            '' as reporting_currency_code,
            0 as period_no,
            '' as period_name
        from present
        where false
    {% endif %}

),

last_read as (

    select max(seen_until) as last_read_on from known

),

compared as (

    select
        run.as_of_date,
        run.period_no as run_period_no,
        run.period_name as run_period_name,
        run.reporting_currency_code as run_currency_code,
        known.state_no,
        known.state_change,
        known.seen_from,
        known.seen_at,
        known.period_no,
        known.period_name,
        case
            when known.exception_id is null then 'opened'
            when present.exception_id is null then 'cleared'
            when known.state_change = 'cleared' then 'reopened'
            when
                present.amount_txn != known.amount_txn
                or present.amount_rpt != known.amount_rpt
                or run.reporting_currency_code != known.reporting_currency_code
                then 'moved'
        end as new_state_change,
        coalesce(present.exception_id, known.exception_id) as exception_id,
        coalesce(present.contract_line_id, known.contract_line_id) as contract_line_id,
        coalesce(present.contract_id, known.contract_id) as contract_id,
        coalesce(present.customer_id, known.customer_id) as customer_id,
        coalesce(present.product_id, known.product_id) as product_id,
        coalesce(present.reason_code, known.reason_code) as reason_code,
        coalesce(present.cause_field, known.cause_field) as cause_field,
        coalesce(present.cause_record_id, known.cause_record_id) as cause_record_id,
        coalesce(present.currency_code, known.currency_code) as currency_code,
        coalesce(present.amount_txn, 0) as amount_txn,
        coalesce(present.amount_rpt, 0) as amount_rpt,
        coalesce(present.largest_amount_rpt, known.largest_amount_rpt) as largest_amount_rpt,
        coalesce(present.first_period_no, known.first_period_no) as first_period_no
    from present
    full outer join known
        on present.exception_id = known.exception_id
    inner join last_read
        on true
    inner join run
        on coalesce(last_read.last_read_on <= run.as_of_date, true)
    where present.exception_id is not null or known.state_change != 'cleared'

),

numbered as (

    -- What did not change keeps its state; only the day it was last seen moves on.
    select
        *,
        case
            when new_state_change is null then state_no
            else coalesce(state_no, 0) + 1
        end as new_state_no
    from compared

),

final as (

    select
        {{ surrogate_key(['exception_id', 'new_state_no']) }} as exception_state_id,
        exception_id,
        cast(new_state_no as integer) as state_no,
        coalesce(new_state_change, state_change) as state_change,
        case when new_state_change is null then seen_from else as_of_date end as seen_from,
        as_of_date as seen_until,
        case
            when new_state_change is null then seen_at
            else cast(current_timestamp as timestamp with time zone)
        end as seen_at,
        case when new_state_change is null then period_no else run_period_no end as period_no,
        case when new_state_change is null then period_name else run_period_name end
            as period_name,
        reason_code,
        contract_line_id,
        contract_id,
        customer_id,
        product_id,
        cause_field,
        cause_record_id,
        first_period_no,
        currency_code,
        run_currency_code as reporting_currency_code,
        cast(amount_txn as decimal(18, 3)) as amount_txn,
        cast(amount_rpt as decimal(18, 3)) as amount_rpt,
        cast(largest_amount_rpt as decimal(18, 3)) as largest_amount_rpt
    from numbered

)

select * from final
