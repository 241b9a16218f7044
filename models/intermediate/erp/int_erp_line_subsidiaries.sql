-- Grain: one row per ERP sales order line, with the subsidiary that sells it.
with

transaction_lines as (

    select * from {{ ref('stg_netsuite__transaction_lines') }}
    where not is_deleted

),

subsidiaries as (

    select * from {{ ref('stg_netsuite__subsidiaries') }}

),

final as (

    select
        transaction_lines.transaction_line_key as record_id,
        subsidiaries.subsidiary_id,
        subsidiaries.subsidiary_name
    from transaction_lines
    inner join subsidiaries
        on transaction_lines.subsidiary_id = subsidiaries.subsidiary_id

)

select * from final
