-- Grain: one row per ERP accounting period of any kind: month, quarter, year, adjustment.
with

source as (

    select * from {{ source('netsuite', 'accountingperiod') }}

),

renamed as (

    select
        id as accounting_period_id,
        parent as parent_period_id,

        periodname as period_name,

        isposting as is_posting,
        isadjust as is_adjustment,
        isquarter as is_quarter,
        isyear as is_year,
        closed as is_closed,
        alllocked as is_locked,

        startdate as starts_on,
        enddate as ends_on,
        closedondate as closed_on,

        _dlt_load_id as load_id
    from source

)

select * from renamed
