-- Fails on a record whose links do not make up its amount to the minor unit, or its quantity.
with

links as (

    select * from {{ ref('int_crosswalk_links') }}

),

crm_parts as (

    select
        crm_record_id as record_id,
        sum(crm_part_minor) as parts_minor,
        sum(crm_part_quantity) as parts_quantity
    from links
    group by crm_record_id

),

erp_parts as (

    select
        erp_record_id as record_id,
        sum(erp_part_minor) as parts_minor,
        sum(erp_part_quantity) as parts_quantity
    from links
    group by erp_record_id

)

select
    'crm' as witness,
    crm_parts.record_id,
    crm_parts.parts_minor,
    crm_lines.amount_minor
from crm_parts
inner join {{ ref('int_crm_contract_lines') }} as crm_lines
    on crm_parts.record_id = crm_lines.record_id
where
    crm_parts.parts_minor is distinct from crm_lines.amount_minor
    or crm_parts.parts_quantity is distinct from crm_lines.quantity

union all

select
    'erp' as witness,
    erp_parts.record_id,
    erp_parts.parts_minor,
    erp_lines.amount_minor
from erp_parts
inner join {{ ref('int_erp_contract_lines') }} as erp_lines
    on erp_parts.record_id = erp_lines.record_id
where
    erp_parts.parts_minor is distinct from erp_lines.amount_minor
    or erp_parts.parts_quantity is distinct from erp_lines.quantity
