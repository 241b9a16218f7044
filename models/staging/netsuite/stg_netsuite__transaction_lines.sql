-- Grain: one row per ERP transaction line; quantity and amounts flipped so that a sale is positive.
with

source as (

    select * from {{ source('netsuite', 'transactionline') }}

),

renamed as (

    select
        uniquekey as transaction_line_key,
        transaction as transaction_id,
        id as line_id,
        item as item_id,
        createdfrom as created_from_transaction_id,
        revenueelement as revenue_element_id,
        subsidiary as subsidiary_id,

        {{ first_filled(var("crm_line_link_fields")) }} as crm_order_item_id,

        -quantity as quantity,
        quantitybilled as billed_quantity,
        -foreignamount as foreign_amount,
        custcol_monthly_minimum as monthly_minimum,
        -netamount as net_amount,

        mainline as is_main_line,
        taxline as is_tax_line,
        isclosed as is_closed,
        isrevrectransaction as is_revenue_transaction,
        coalesce(_tieout_is_deleted, false) as is_deleted,

        custcol_service_start_date as starts_on,
        custcol_service_end_date as ends_on,

        linelastmodifieddate as modified_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
