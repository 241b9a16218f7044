-- Grain: one row per ERP planned revenue row: what one plan earns in one period, and the journal
-- that posted it.
with

source as (

    select * from {{ source('netsuite', 'revenueplanplannedrevenue') }}

),

renamed as (

    select
        id as planned_revenue_id,
        revenueplan as revenue_plan_id,
        plannedperiod as planned_period_id,
        postingperiod as posting_period_id,
        journal as journal_id,
        recognitionaccount as recognition_account_id,
        deferredrevenueaccount as deferral_account_id,

        plannedrevenuetype as planned_revenue_type,

        amount,
        exchangerate as exchange_rate,

        isrecognized as is_recognized,
        coalesce(_tieout_is_deleted, false) as is_deleted,

        _dlt_load_id as load_id
    from source

)

select * from renamed
