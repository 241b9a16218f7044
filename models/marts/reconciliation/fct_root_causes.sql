-- Grain: one row per root cause x accounting period: which field, integration step or process cost
-- how much by the end of the period. Absolute amounts count every line in full; net ones offset.
with

reasons as (

    select * from {{ ref('dim_reason') }}
    where reason_class in ('break', 'unexplained')

),

costs as (

    select * from {{ ref('fct_reconciliation_reasons') }}
    where is_standing

),

by_cause as (

    select
        reasons.cause_kind,
        reasons.cause,
        costs.period_key,
        costs.period_no,
        costs.period_name,
        costs.is_reporting_period,
        costs.reporting_currency_code,
        {{ sorted_distinct_text('costs.reason_code') }} as reason_codes,
        count(*) as exception_count,
        count(distinct costs.contract_id) as contract_count,
        sum(abs(costs.amount_rpt)) as absolute_rpt,
        sum(costs.amount_rpt) as net_rpt
    from costs
    inner join reasons
        on costs.reason_code = reasons.reason_code
    group by
        reasons.cause_kind,
        reasons.cause,
        costs.period_key,
        costs.period_no,
        costs.period_name,
        costs.is_reporting_period,
        costs.reporting_currency_code

),

ranked as (

    select
        *,
        row_number() over (
            partition by period_key
            order by absolute_rpt desc, cause_kind asc, cause asc
        ) as rank_no,
        sum(absolute_rpt) over (partition by period_key) as total_rpt,
        first_value(period_name) over (
            partition by cause_kind, cause
            order by period_no
        ) as first_period_name
    from by_cause

),

final as (

    select
        {{ surrogate_key(['cause_kind', 'cause', 'period_key']) }} as root_cause_id,
        cause_kind,
        cause,
        reason_codes,
        period_key,
        period_no,
        period_name,
        is_reporting_period,
        reporting_currency_code,
        cast(exception_count as integer) as exception_count,
        cast(contract_count as integer) as contract_count,
        cast(absolute_rpt as decimal(18, 3)) as absolute_rpt,
        cast(net_rpt as decimal(18, 3)) as net_rpt,
        cast(rank_no as integer) as rank_no,
        {{ share_of('absolute_rpt', 'total_rpt') }} as cost_share,
        first_period_name
    from ranked

)

select * from final
