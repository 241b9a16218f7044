-- Grain: one row per ERP revenue plan; an element has ACTUAL and FORECAST twins.
with

source as (

    select * from {{ source('netsuite', 'revenueplan') }}

),

renamed as (

    select
        id as revenue_plan_id,
        createdfrom as revenue_element_id,
        accountingbook as accounting_book_id,
        catchupperiod as catch_up_period_id,

        revenueplantype as plan_type,
        revenueplancurrency as currency_code,

        amount,

        revrecstartdate as starts_on,
        revrecenddate as ends_on,

        holdrevenuerecognition as is_on_hold,
        coalesce(_tieout_is_deleted, false) as is_deleted,

        _dlt_load_id as load_id
    from source

)

select * from renamed
