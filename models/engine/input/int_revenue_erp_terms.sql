-- Grain: one row per contract line version (x ERP record) the ERP knows: the contract's own terms
-- (the CRM's, else the ERP's), the ERP's, and on which of dates, rule and ramp the two differ. A
-- difference is one of the whole contract line, so that a reading of it is complete.
with

contract_lines as (

    select
        *,
        min(starts_on) over parts as parts_start_on,
        max(ends_on) over parts as parts_end_on
    from {{ ref('fct_contract_lines') }}
    window parts as (partition by witness, contract_line_version_id)

),

ramp_lines as (

    select * from {{ ref('int_revenue_ramp_lines') }}

),

assigned as (

    select * from {{ ref('int_revenue_assigned_policies') }}

),

spreads as (

    select
        policy_id,
        concat_ws('|', proration, day_boundary, end_date, schedule_residual) as spread
    from {{ ref('int_revenue_policies') }}

),

paired as (

    select
        erp_lines.contract_line_version_id,
        erp_lines.contract_line_id,
        erp_lines.record_id,
        erp_lines.allocated_minor,
        coalesce(ramp_lines.terms_minor, erp_lines.allocated_minor) as terms_minor,
        coalesce(ramp_lines.leveled_minor, 0) as leveled_minor,
        coalesce(
            nullif(crm_lines.recognition_pattern, 'out_of_scope'), erp_lines.recognition_pattern
        ) as recognition_pattern,
        coalesce(crm_lines.proration, erp_lines.proration) as proration,
        -- Several ERP lines that together cover the dates of the contract keep their own.
        case
            when
                erp_lines.parts_start_on = crm_lines.starts_on
                and erp_lines.parts_end_on = crm_lines.ends_on
                then erp_lines.starts_on
            else coalesce(crm_lines.starts_on, erp_lines.starts_on)
        end as starts_on,
        -- Of a line that the ERP closed early, the contract is known to it until then.
        case
            when
                erp_lines.closed_minor != 0
                or erp_lines.parts_start_on = crm_lines.starts_on
                and erp_lines.parts_end_on = crm_lines.ends_on
                then erp_lines.ends_on
            else coalesce(crm_lines.ends_on, erp_lines.ends_on)
        end as ends_on,
        erp_lines.recognition_pattern as erp_pattern,
        erp_lines.proration as erp_proration,
        erp_lines.starts_on as erp_starts_on,
        erp_lines.ends_on as erp_ends_on,
        coalesce(assigned.policy_id, crm_lines.proration, erp_lines.proration) as policy_id
    from contract_lines as erp_lines
    left join contract_lines as crm_lines
        on
        erp_lines.contract_line_version_id = crm_lines.contract_line_version_id
        and crm_lines.witness = 'crm'
    left join ramp_lines
        on
        erp_lines.contract_line_version_id = ramp_lines.contract_line_version_id
        and erp_lines.record_id = ramp_lines.record_id
    left join assigned
        on erp_lines.contract_line_version_id = assigned.contract_line_version_id
    where erp_lines.witness = 'erp'

),

compared as (

    select
        paired.*,
        coalesce(paired.recognition_pattern != paired.erp_pattern, true) as has_other_pattern,
        paired.recognition_pattern = 'ratable'
        and paired.erp_pattern = 'ratable'
        and coalesce(
            coalesce(spreads.spread, paired.policy_id)
            != coalesce(erp_spreads.spread, paired.erp_proration),
            true
        ) as has_other_spread,
        coalesce(paired.starts_on != paired.erp_starts_on, true)
        or (
            paired.recognition_pattern != 'point_in_time'
            and paired.erp_pattern != 'point_in_time'
            and coalesce(paired.ends_on != paired.erp_ends_on, true)
        ) as has_other_dates,
        paired.terms_minor != paired.allocated_minor as has_other_ramp
    from paired
    left join spreads
        on paired.policy_id = spreads.policy_id
    left join spreads as erp_spreads
        on paired.erp_proration = erp_spreads.policy_id

),

final as (

    select
        contract_line_version_id,
        contract_line_id,
        record_id,
        allocated_minor,
        terms_minor,
        leveled_minor,
        recognition_pattern,
        proration,
        starts_on,
        ends_on,
        erp_pattern,
        erp_proration,
        erp_starts_on,
        erp_ends_on,
        -- The last day of a rule that recognizes at once is none: the contract's term is moved.
        case
            when erp_pattern = 'point_in_time' and recognition_pattern != 'point_in_time'
                then {{ add_days('ends_on', days_between('starts_on', 'erp_starts_on')) }}
            else erp_ends_on
        end as dated_ends_on,
        bool_or(has_other_pattern) over line as has_other_pattern,
        bool_or(has_other_dates) over line as has_other_dates,
        bool_or(has_other_pattern or has_other_spread) over line as has_other_rule,
        bool_or(has_other_ramp) over line as has_other_ramp,
        -- Charges for use have elements of their own, whatever the rule of what was paid up front.
        recognition_pattern in ('usage', 'drawdown')
        and erp_pattern not in ('usage', 'drawdown') as is_charged_apart
    from compared
    window line as (partition by contract_line_id)

)

select * from final
