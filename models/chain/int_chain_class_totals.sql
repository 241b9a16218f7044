-- Grain: one row per contract line x span of accounting periods with a reason, its amounts by
-- class.
with

reason_spans as (

    select * from {{ ref('int_chain_reason_spans') }}

),

reasons as (

    select * from {{ ref('dim_reason') }}

),

classed as (

    select
        reason_spans.*,
        case reasons.reason_class
            when 'break' then 'break'
            when 'unexplained' then 'unexplained'
            else 'explained'
        end as bucket
    from reason_spans
    inner join reasons
        on reason_spans.reason_code = reasons.reason_code

),

summed as (

    select
        contract_line_id,
        period_no,
        sum(amount_txn_minor) filter (where bucket = 'explained') as explained_txn_minor,
        sum(amount_txn_minor) filter (where bucket = 'break') as break_txn_minor,
        sum(amount_txn_minor) filter (where bucket = 'unexplained') as unexplained_txn_minor,
        sum(amount_rpt_minor) filter (where bucket = 'explained') as explained_rpt_minor,
        sum(amount_rpt_minor) filter (where bucket = 'break') as break_rpt_minor,
        sum(amount_rpt_minor) filter (where bucket = 'unexplained') as unexplained_rpt_minor,
        -- Two breaks that offset each other are still breaks.
        bool_or(bucket = 'break' and (amount_txn_minor != 0 or amount_rpt_minor != 0))
            as has_break,
        bool_or(bucket = 'unexplained' and (amount_txn_minor != 0 or amount_rpt_minor != 0))
            as has_unexplained
    from classed
    group by contract_line_id, period_no

)

select
    contract_line_id,
    period_no,
    has_break,
    has_unexplained,
    cast(coalesce(explained_txn_minor, 0) as bigint) as explained_txn_minor,
    cast(coalesce(break_txn_minor, 0) as bigint) as break_txn_minor,
    cast(coalesce(unexplained_txn_minor, 0) as bigint) as unexplained_txn_minor,
    cast(coalesce(explained_rpt_minor, 0) as bigint) as explained_rpt_minor,
    cast(coalesce(break_rpt_minor, 0) as bigint) as break_rpt_minor,
    cast(coalesce(unexplained_rpt_minor, 0) as bigint) as unexplained_rpt_minor
from summed
