-- Grain: one row per ledger effect of one ERP transaction line in one accounting book; credits
-- positive.
with

source as (

    select * from {{ source('netsuite', 'transactionaccountingline') }}

),

renamed as (

    select
        transaction as transaction_id,
        transactionline as line_id,
        accountingbook as accounting_book_id,
        account as account_id,

        -amount as credit_amount,

        posting as is_posting,
        coalesce(_tieout_is_deleted, false) as is_deleted,

        _dlt_load_id as load_id
    from source

)

select * from renamed
