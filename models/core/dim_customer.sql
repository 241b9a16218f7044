-- Grain: one row per customer as both systems know it; a customer of one system only has the
-- other's columns empty.
with

crm_accounts as (

    select * from {{ ref('stg_salesforce__accounts') }}
    where not is_deleted

),

erp_customers as (

    select
        *,
        {{ salesforce_id_18('external_id') }} as crm_account_key
    from {{ ref('stg_netsuite__customers') }}
    where not is_deleted
    qualify row_number() over (partition by crm_account_key order by customer_id) = 1
        or crm_account_key is null

),

joined as (

    select
        coalesce(crm_accounts.account_id, 'erp:' || erp_customers.customer_id) as natural_key,
        crm_accounts.parent_account_id,
        crm_accounts.account_id as salesforce_account_id,
        erp_customers.customer_id as netsuite_customer_id,
        coalesce(crm_accounts.account_name, erp_customers.customer_name) as customer_name,
        crm_accounts.industry,
        crm_accounts.billing_country,
        crm_accounts.currency_code,
        crm_accounts.account_id is not null as is_in_crm,
        erp_customers.customer_id is not null as is_in_erp
    from crm_accounts
    full outer join erp_customers
        on crm_accounts.account_id = erp_customers.crm_account_key

),

final as (

    select
        {{ surrogate_key(['natural_key']) }} as customer_id,
        case when parent_account_id is not null then {{ surrogate_key(['parent_account_id']) }} end
            as parent_customer_id,
        salesforce_account_id,
        netsuite_customer_id,
        customer_name,
        industry,
        billing_country,
        currency_code,
        is_in_crm,
        is_in_erp
    from joined

)

select * from final
