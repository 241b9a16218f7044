-- Grain: one row per contract line x reported accounting period whose ARR moved since the period
-- was frozen, with what was reported, what the records say now, and what moved. Summed over a
-- period and added to fct_arr_frozen it is the ARR of fct_arr_monthly.
with

frozen as (

    select * from {{ ref('fct_arr_frozen') }}

),

frozen_through as (

    select coalesce(max(period_no), 0) as last_period_no from frozen

),

live as (

    select monthly.*
    from {{ ref('fct_arr_monthly') }} as monthly
    cross join frozen_through
    where monthly.period_no <= frozen_through.last_period_no and monthly.arr_end_txn != 0

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

compared as (

    select
        coalesce(frozen.frozen_arr_id, live.arr_monthly_id) as restated_arr_id,
        coalesce(frozen.contract_line_id, live.contract_line_id) as contract_line_id,
        coalesce(frozen.contract_id, live.contract_id) as contract_id,
        coalesce(frozen.period_no, live.period_no) as period_no,
        coalesce(frozen.reporting_currency_code, live.reporting_currency_code)
            as reporting_currency_code,
        coalesce(frozen.crm_record_id, live.crm_record_id) as crm_record_id,
        frozen.arr_customer_id as frozen_customer_id,
        live.arr_customer_id as live_customer_id,
        coalesce(frozen.arr_end_txn, 0) as frozen_arr_txn,
        coalesce(live.arr_end_txn, 0) as live_arr_txn,
        coalesce(frozen.arr_end_rpt, 0) as frozen_arr_rpt,
        coalesce(live.arr_end_rpt, 0) as live_arr_rpt
    from frozen
    full outer join live
        on frozen.frozen_arr_id = live.arr_monthly_id

),

final as (

    select
        compared.restated_arr_id,
        compared.contract_line_id,
        compared.contract_id,
        accounting_periods.period_key,
        accounting_periods.period_no,
        accounting_periods.period_name,
        case
            when compared.live_customer_id is null then 'gone'
            when compared.frozen_customer_id is null then 'added'
            when compared.frozen_customer_id != compared.live_customer_id then 're_parented'
            when compared.frozen_arr_txn != compared.live_arr_txn then 'amount_changed'
            else 'rate_changed'
        end as what_moved,
        compared.frozen_customer_id,
        compared.live_customer_id,
        compared.reporting_currency_code,
        cast(compared.frozen_arr_rpt as decimal(18, 3)) as frozen_arr_rpt,
        cast(compared.live_arr_rpt as decimal(18, 3)) as live_arr_rpt,
        cast(compared.live_arr_rpt - compared.frozen_arr_rpt as decimal(18, 3)) as restated_arr_rpt,
        compared.crm_record_id
    from compared
    inner join accounting_periods
        on compared.period_no = accounting_periods.period_no
    where
        compared.frozen_arr_txn != compared.live_arr_txn
        or compared.frozen_arr_rpt != compared.live_arr_rpt
        or (compared.frozen_customer_id = compared.live_customer_id) is not true

)

select * from final
