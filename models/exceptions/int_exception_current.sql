-- Grain: one row per exception (contract line x reason code x causing record) that the reporting
-- period shows, with the unbroken run of periods it has lasted for.
with

reconciliation as (

    select
        reconciliation_id,
        product_id
    from {{ ref('fct_reconciliation') }}

),

found as (

    select
        reasons.*,
        reconciliation.product_id,
        coalesce(reasons.crm_record_id, reasons.erp_record_id) as cause_record_id
    from {{ ref('fct_reconciliation_reasons') }} as reasons
    inner join reconciliation
        on reasons.reconciliation_id = reconciliation.reconciliation_id
    where reasons.reason_class in ('break', 'unexplained') and reasons.is_standing

),

in_runs as (

    -- Periods that follow each other keep the same distance to their number.
    select
        *,
        period_no - row_number() over (
            partition by contract_line_id, reason_code, cause_record_id
            order by period_no
        ) as run_no
    from found

),

measured as (

    select
        *,
        first_value(period_no) over run_so_far as first_period_no,
        max(abs(amount_rpt)) over run_so_far as largest_amount_rpt
    from in_runs
    window run_so_far as (
        partition by contract_line_id, reason_code, cause_record_id, run_no
        order by period_no
    )

),

final as (

    select
        {{ surrogate_key(['contract_line_id', 'reason_code', 'cause_record_id']) }}
            as exception_id,
        contract_line_id,
        contract_id,
        customer_id,
        product_id,
        reason_code,
        evidence_label as cause_field,
        cause_record_id,
        currency_code,
        amount_txn,
        amount_rpt,
        largest_amount_rpt,
        first_period_no
    from measured
    where is_reporting_period

)

select * from final
