-- Grain: one row per view x contract line version as the systems state it, held or not, with the
-- keys by which the engine knows it.
-- A view is a complete reading of the contracts: `contract` (the CRM's terms: expected revenue),
-- `erp` (the ERP's terms) and `synced` (what the ERP knows, at the contract's own dates), which
-- isolates what wrong dates in the ERP do. The ERP has shared out the price of what it sold
-- together, so its views take what it allocated; the contract's view is allocated by the engine.
-- Assigned policies govern all three, but the ERP spreads by its own rule. No revenue, no view.
with

assigned as (

    select * from {{ ref('int_revenue_assigned_policies') }}

),

contract_lines as (

    select
        witness,
        contract_id,
        contract_line_id,
        contract_line_version_id,
        version_no,
        change_kind,
        deal_kind,
        recognition_pattern,
        proration,
        currency_code,
        customer_id,
        ramp_group,
        known_on,
        record_id,
        revised_record_id,
        quantity,
        case witness when 'crm' then amount_minor else allocated_minor end as amount_minor,
        closed_minor,
        usage_price,
        selling_price,
        selling_price_percent,
        selling_price_group,
        bool_or(witness = 'crm' and allocation = 'relative_ssp') over (partition by contract_id)
            as is_sold_together,
        starts_on,
        ends_on
    from {{ ref('fct_contract_lines') }}

),

synced_lines as (

    -- Of a line that the ERP closed early, the contract is known to it until then.
    select
        erp_lines.* replace (
            case crm_lines.recognition_pattern
                when 'out_of_scope' then erp_lines.recognition_pattern
                else coalesce(crm_lines.recognition_pattern, erp_lines.recognition_pattern)
            end as recognition_pattern,
            coalesce(crm_lines.proration, erp_lines.proration) as proration,
            coalesce(crm_lines.starts_on, erp_lines.starts_on) as starts_on,
            case
                when erp_lines.closed_minor != 0 then erp_lines.ends_on
                else coalesce(crm_lines.ends_on, erp_lines.ends_on)
            end as ends_on
        )
    from contract_lines as erp_lines
    left join contract_lines as crm_lines
        on
        erp_lines.contract_line_version_id = crm_lines.contract_line_version_id
        and crm_lines.witness = 'crm'
    where erp_lines.witness = 'erp'

),

combined as (

    select
        case witness when 'crm' then 'contract' else 'erp' end as view_name,
        *
    from contract_lines

    union all

    select
        'synced' as view_name,
        *
    from synced_lines

),

governed as (

    -- The steps of a ramp that is earned evenly are accounted for together, as one line.
    select
        combined.*,
        combined.view_name = 'contract' and combined.is_sold_together as is_allocated,
        assigned.policy_id as assigned_policy_id,
        assigned.contract_policy_id,
        coalesce(
            combined.view_name = 'contract'
            and not combined.is_sold_together
            and combined.ramp_group is not null
            and assigned.ramp = 'straight_line',
            false
        ) as is_leveled
    from combined
    left join assigned
        on combined.contract_line_version_id = assigned.contract_line_version_id
    where combined.recognition_pattern is distinct from 'out_of_scope'

),

keyed as (

    -- A line sold at its own price needs no allocation: it is accounted for by itself.
    select
        *,
        view_name || '|' || case
            when is_allocated then contract_id
            when is_leveled then contract_id || '|' || ramp_group
            else contract_line_id
        end as contract_key,
        view_name || '|' || contract_line_version_id as line_key
    from governed

),

final as (

    select
        *,
        cast(
            row_number() over (
                partition by contract_key
                order by version_no, record_id, contract_line_version_id
            ) as integer
        ) as line_no,
        -- What joins the contract after its inception.
        case
            when is_allocated or is_leveled then version_no > 1 or deal_kind = 'amendment'
            else row_number() over (
                    partition by contract_key
                    order by version_no, record_id, contract_line_version_id
                ) > 1
        end as is_added,
        case change_kind when 'cancellation' then starts_on end as cancelled_on
    from keyed

)

select * from final
