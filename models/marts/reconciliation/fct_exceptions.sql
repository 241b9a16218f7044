-- Grain: one row per exception (contract line x reason code x causing record) that a run has seen,
-- open or cleared. Age counts from the end of the first period that shows it, or from the day a run
-- first saw it where that was earlier.
with

states as (

    select * from {{ ref('int_exception_states') }}

),

reasons as (

    select * from {{ ref('dim_reason') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

suggestions as (

    select * from {{ ref('int_exception_suggestions') }}

),

dated as (

    select
        states.*,
        accounting_periods.period_key as first_period_key,
        accounting_periods.period_name as first_period_name,
        least(accounting_periods.ends_on, states.first_seen_on) as open_since,
        coalesce(states.cleared_on, states.as_of_date) as aged_until
    from states
    inner join accounting_periods
        on states.first_period_no = accounting_periods.period_no

),

final as (

    select
        dated.exception_id,
        dated.reason_code,
        reasons.reason_class,
        reasons.cause_kind,
        reasons.cause,
        dated.cause_field,
        dated.cause_record_id,
        suggestions.suggested_witness,
        suggestions.suggested_record_id,
        suggestions.suggested_url,
        suggestions.suggestion_evidence,
        dated.contract_line_id,
        dated.contract_id,
        dated.customer_id,
        dated.product_id,
        dated.entity_id,
        dated.entity_name,
        dated.status,
        dated.status in ('open', 'expired_explanation') as is_open,
        dated.is_material,
        coalesce(dated.decided_owner, reasons.owner) as owner,  -- noqa: RF04
        dated.currency_code,
        dated.reporting_currency_code,
        cast(dated.amount_txn as decimal(18, 3)) as amount_txn,
        cast(dated.amount_rpt as decimal(18, 3)) as amount_rpt,
        cast(dated.largest_amount_rpt as decimal(18, 3)) as largest_amount_rpt,
        dated.materiality_absolute_rpt,
        dated.materiality_relative_rpt,
        dated.first_period_key,
        dated.first_period_no,
        dated.first_period_name,
        dated.first_seen_on,
        dated.first_seen_at,
        dated.last_seen_on,
        dated.cleared_on,
        cast(dated.reopened_count as integer) as reopened_count,
        cast({{ days_between('dated.open_since', 'dated.aged_until') }} as integer) as age_days,
        case
            when dated.is_present
                then cast(dated.reporting_period_no - dated.first_period_no + 1 as integer)
        end as age_periods,
        dated.decision_no,
        dated.explanation,
        dated.explained_amount_rpt,
        dated.explained_by,
        dated.explained_on,
        dated.explanation_expires_on,
        dated.expired_because
    from dated
    inner join reasons
        on dated.reason_code = reasons.reason_code
    left join suggestions
        on dated.cause_record_id = suggestions.record_id

)

select * from final
