-- Grain: one row per ledger account.
with

source as (

    select * from {{ source('netsuite', 'account') }}

),

renamed as (

    select
        id as account_id,

        acctnumber as account_number,
        accttype as account_type,
        fullname as account_name,

        isinactive as is_inactive,

        _dlt_load_id as load_id
    from source

)

select * from renamed
