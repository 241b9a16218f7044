-- Grain: one row per period that can be closed x exception that keeps it open.
-- THE place that says which ones do: a material break that began in the period or before and that
-- nobody mended or explained. Its amount and evidence are those at the period's end.
with

candidates as (

    select * from {{ ref('int_close_candidates') }}

),

exceptions as (

    select * from {{ ref('fct_exceptions') }}
    where reason_class = 'break' and is_open and is_material

),

reasons as (

    select * from {{ ref('fct_reconciliation_reasons') }}
    where is_standing

),

final as (

    select
        candidates.period_key,
        exceptions.exception_id,
        exceptions.reason_code,
        exceptions.owner as who_mends,
        exceptions.status,
        exceptions.contract_id,
        exceptions.contract_line_id,
        exceptions.cause_record_id as record_id,
        reasons.amount_rpt,
        reasons.evidence_label,
        reasons.crm_value,
        reasons.erp_value
    from candidates
    inner join exceptions
        on candidates.period_no >= exceptions.first_period_no
    inner join reasons
        on
        candidates.period_key = reasons.period_key
        and exceptions.contract_line_id = reasons.contract_line_id
        and exceptions.reason_code = reasons.reason_code

)

select * from final
