-- Grain: one row per link between a CRM and an ERP contract line version (pair of records), with
-- the part of each record it stands for. before, through and total say where the link's share of
-- its ERP (CRM) record lies: any integer of the record is split by them (macro share_between).
with

shares as (

    select * from {{ ref('int_crosswalk_shares') }}

),

parted as (

    select
        *,
        {{ share_between(
            'erp_through', '(crm_weight_through - crm_weight)', 'crm_weight_through',
            'crm_weight_total'
        ) }}
        - {{ share_between(
            '(erp_through - erp_minor)', '(crm_weight_through - crm_weight)', 'crm_weight_through',
            'crm_weight_total'
        ) }} as erp_part_minor,
        {{ share_between(
            'crm_through', '(erp_weight_through - erp_weight)', 'erp_weight_through',
            'erp_weight_total'
        ) }}
        - {{ share_between(
            '(crm_through - crm_minor)', '(erp_weight_through - erp_weight)', 'erp_weight_through',
            'erp_weight_total'
        ) }} as crm_part_minor,
        {{ share_between(
            'erp_units_through', '(crm_units_weight_through - crm_units_weight)',
            'crm_units_weight_through', 'crm_units_weight_total'
        ) }}
        - {{ share_between(
            '(erp_units_through - erp_units)', '(crm_units_weight_through - crm_units_weight)',
            'crm_units_weight_through', 'crm_units_weight_total'
        ) }} as erp_part_units,
        {{ share_between(
            'crm_units_through', '(erp_units_weight_through - erp_units_weight)',
            'erp_units_weight_through', 'erp_units_weight_total'
        ) }}
        - {{ share_between(
            '(crm_units_through - crm_units)', '(erp_units_weight_through - erp_units_weight)',
            'erp_units_weight_through', 'erp_units_weight_total'
        ) }} as crm_part_units
    from shares

),

weighed as (

    select
        *,
        case
            when erp_minor = 0 then 1 else erp_part_minor * sign(erp_minor)
        end as share_weight,
        case when erp_minor = 0 then crm_count else abs(erp_minor) end as share_total,
        case
            when crm_minor = 0 then 1 else crm_part_minor * sign(crm_minor)
        end as crm_share_weight,
        case when crm_minor = 0 then erp_count else abs(crm_minor) end as crm_share_total
    from parted

),

final as (

    select
        crm_record_id,
        erp_record_id,
        link_group,
        match_pass,
        case match_pass when 2 then 'probable' when 3 then 'possible' else 'certain' end
            as match_confidence,
        override_no,
        case when crm_count > 1 then 'n' else '1' end
        || ':'
        || case
            when erp_count = 1 then '1' when crm_count > 1 then 'm' else 'n'
        end as cardinality,
        -- The first ERP record of a CRM record speaks for it, and the first CRM record of an ERP
        -- record takes what cannot be split.
        erp_no = 1 as is_first_of_crm,
        crm_no = 1 as is_first_of_erp,
        crm_part_minor,
        erp_part_minor,
        cast(crm_part_units as decimal(28, 0)) * cast(0.0001 as decimal(4, 4)) as crm_part_quantity,
        cast(erp_part_units as decimal(28, 0)) * cast(0.0001 as decimal(4, 4)) as erp_part_quantity,
        cast(sum(share_weight) over of_erp - share_weight as bigint) as share_before,
        cast(sum(share_weight) over of_erp as bigint) as share_through,
        cast(share_total as bigint) as share_total,
        cast(sum(crm_share_weight) over of_crm - crm_share_weight as bigint) as crm_share_before,
        cast(sum(crm_share_weight) over of_crm as bigint) as crm_share_through,
        cast(crm_share_total as bigint) as crm_share_total
    from weighed
    window
        of_erp as (
            partition by erp_record_id
            order by crm_record_id
            rows between unbounded preceding and current row
        ),
        of_crm as (
            partition by crm_record_id
            order by erp_record_id
            rows between unbounded preceding and current row
        )

)

select * from final
