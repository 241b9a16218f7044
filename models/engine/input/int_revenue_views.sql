-- Grain: one row per view x contract line version: the contracts revenue is computed on. A contract
-- with a fault is left out here, and nowhere else: with a fault of the CRM in every view, with one
-- of the ERP in the views that need the ERP, so that its expected revenue stands.
with

stated_views as (

    select * from {{ ref('int_revenue_stated_views') }}

),

held as (

    select
        contract_id,
        bool_or(view_name = 'contract') as is_held_by_crm
    from {{ ref('int_revenue_holds') }}
    group by contract_id

),

final as (

    select stated_views.*
    from stated_views
    left join held
        on stated_views.contract_id = held.contract_id
    where
        held.contract_id is null
        or (stated_views.view_name = 'contract' and not held.is_held_by_crm)

)

select * from final
