-- Grain: one row per ledger account, with its role in revenue accounting; null: none.
with

accounts as (

    select * from {{ ref('stg_netsuite__accounts') }}

),

final as (

    select
        account_id,
        account_number,
        account_name,
        account_type,
        case account_type
            when 'Income' then 'revenue'
            when 'DeferRevenue' then 'deferred_revenue'
            when 'UnbilledRec' then 'contract_asset'
            when 'AcctRec' then 'receivable'
        end as account_role
    from accounts

)

select * from final
