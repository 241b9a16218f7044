-- Grain: one row per ERP charge: what a stretch of service is billed, and the invoice of it.
with

source as (

    select * from {{ source('netsuite', 'charge') }}

),

renamed as (

    select
        id as charge_id,
        invoice as invoice_id,
        currency as currency_id,

        chargetype as charge_type,
        stage as charge_stage,
        use as charge_use,

        quantity,
        rate as unit_price,
        amount,

        coalesce(_tieout_is_deleted, false) as is_deleted,

        servicestartdate as starts_on,
        serviceenddate as ends_on,
        billdate as billed_on,

        lastmodifieddate as modified_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
