-- Grain: one row per ERP revenue element: one performance obligation of one source line.
with

source as (

    select * from {{ source('netsuite', 'revenueelement') }}

),

renamed as (

    select
        id as revenue_element_id,
        revenuearrangement as revenue_arrangement_id,
        item as item_id,
        currency as currency_id,
        accountingbook as accounting_book_id,
        recognitionaccount as recognition_account_id,

        revenuerecognitionrule as recognition_rule,

        exchangerate as exchange_rate,
        discountedsalesamount as sales_amount,
        allocationamount as allocation_amount,

        coalesce(_tieout_is_deleted, false) as is_deleted,

        revrecstartdate as starts_on,
        revrecenddate as ends_on,
        elementdate as element_date,

        lastmodifieddate as modified_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
