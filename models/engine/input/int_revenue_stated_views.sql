-- Grain: one row per view x contract line version (x ERP record) as the systems state it, held or
-- not, with the keys by which the engine knows it. A view is a complete reading of the contracts:
-- `contract` (the CRM's terms: expected revenue), `erp` (the ERP's terms), `synced` (what the ERP
-- knows, at the contract's own dates). The ERP's views take what it allocated; the contract's is
-- allocated by the engine. A line's policies govern all three; the ERP spreads by its own rule.
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
        duplicate_of_record_id,
        row_number() over (parts order by record_id) as part_no,
        min(starts_on) over parts as parts_start_on,
        max(ends_on) over parts as parts_end_on,
        quantity,
        case witness when 'crm' then amount_minor else allocated_minor end as amount_minor,
        usage_price,
        selling_price,
        selling_price_percent,
        selling_price_group,
        bool_or(witness = 'crm' and allocation = 'relative_ssp') over (partition by contract_id)
            as is_sold_together,
        starts_on,
        ends_on
    from {{ ref('fct_contract_lines') }}
    window parts as (partition by witness, contract_line_version_id)

),

synced_lines as (

    -- Several ERP lines that together cover the dates of the contract keep their own.
    select
        erp_lines.* replace (
            coalesce(crm_lines.recognition_pattern, erp_lines.recognition_pattern)
                as recognition_pattern,
            coalesce(crm_lines.proration, erp_lines.proration) as proration,
            coalesce(moved.starts_on, erp_lines.starts_on) as starts_on,
            coalesce(moved.ends_on, erp_lines.ends_on) as ends_on
        )
    from contract_lines as erp_lines
    left join contract_lines as crm_lines
        on
        erp_lines.contract_line_version_id = crm_lines.contract_line_version_id
        and crm_lines.witness = 'crm'
    left join contract_lines as moved
        on
        crm_lines.contract_line_version_id = moved.contract_line_version_id
        and crm_lines.witness = moved.witness
        and (erp_lines.parts_start_on, erp_lines.parts_end_on)
        is distinct from (moved.starts_on, moved.ends_on)
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
            and not combined.is_sold_together and combined.ramp_group is not null
            and assigned.ramp = 'straight_line',
            false
        ) as is_leveled
    from combined
    left join assigned
        on combined.contract_line_version_id = assigned.contract_line_version_id

),

keyed as (

    -- A line sold at its own price is accounted for by itself, and so is what the ERP has twice.
    select
        *,
        view_name || '|' || case
            when is_allocated then contract_id
            when is_leveled then contract_id || '|' || ramp_group
            when view_name != 'contract' and duplicate_of_record_id is not null
                then contract_line_version_id
            else contract_line_id
        end as contract_key,
        view_name || '|' || contract_line_version_id
        || case when part_no > 1 then '|' || record_id else '' end as line_key
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
        case
            when is_allocated or is_leveled then version_no > 1 or deal_kind = 'amendment'
            else dense_rank() over (partition by contract_key order by version_no) > 1
        end as is_added,
        case change_kind when 'cancellation' then starts_on end as cancelled_on
    from keyed

)

select * from final
