-- Grain: one row per period that can be closed x contract line x break that is material
-- (var close_materiality). THE place that says which breaks keep a period open.
with

candidates as (

    select * from {{ ref('int_close_candidates') }}

),

breaks as (

    select * from {{ ref('fct_reconciliation_reasons') }}
    where
        reason_class = 'break'
        and abs(amount_rpt) >= cast('{{ var("close_materiality") }}' as decimal(18, 3))
        and amount_rpt != 0

),

final as (

    select
        candidates.period_key,
        breaks.reason_code,
        breaks.owner,
        breaks.contract_id,
        breaks.contract_line_id,
        coalesce(breaks.crm_record_id, breaks.erp_record_id) as record_id,
        breaks.amount_rpt,
        breaks.evidence_label,
        breaks.crm_value,
        breaks.erp_value
    from candidates
    inner join breaks
        on candidates.period_key = breaks.period_key

)

select * from final
